import { expect, test } from 'vitest';
import { readableName } from '../../../../harness/runtimes/native/symbolise.js';

const text = 'std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >';

test.each([
  [`route(${text} const&, ${text} const&) [clone .cold]`, 'route(std::string const&, std::string const&)'],
  ['serve.constprop.0', 'serve'],
  ['display[abi:cxx11]()', 'display()'],
  ['_ZN4main5State6create17h0123456789abcdefE', 'main::State::create'],
])('%s', (name, readable) => {
  expect(readableName(name)).toBe(readable);
});
