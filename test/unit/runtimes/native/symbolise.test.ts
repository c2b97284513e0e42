import { expect, test } from 'vitest';
import { readableName, withoutBorrowedName } from '../../../../harness/runtimes/native/symbolise.js';

const text = 'std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >';

test.each([
  [`route(${text} const&, ${text} const&) [clone .cold]`, 'route(std::string const&, std::string const&)'],
  ['serve.constprop.0', 'serve'],
  ['display[abi:cxx11]()', 'display()'],
  ['_ZN4main5State6create17h0123456789abcdefE', 'main::State::create'],
])('%s', (name, readable) => {
  expect(readableName(name)).toBe(readable);
});

test('an inlined function without a name is not called like the one that it was put into', () => {
  const own = { file: '/srv/app/main.rs', line: 74 };
  const library = { function: '{async_block#0}', file: '/registry/axum/mod.rs', line: 241 };
  const symbol = '<F as axum::Handler>::call::{{closure}}';
  expect(withoutBorrowedName([{ ...own, function: symbol }, library], symbol)[0]).toEqual({
    ...own,
    function: '{inlined}',
  });
  expect(withoutBorrowedName([{ ...own, function: symbol }], symbol)[0]?.function).toBe(symbol);
  expect(withoutBorrowedName([{ ...own, function: 'reserve' }, library], symbol)[0]?.function).toBe('reserve');
});
