import { expect, test } from 'vitest';
import { shortName } from '../../../../harness/runtimes/native/short-name.js';

const types = 'boost::signals2::optional_last_value<void>, int, std::less<int>, boost::function<void (int)>';

test.each([
  ['mill::saw(std::string const&)', 'mill::saw(std::string const&)'],
  [
    `signals::impl<void (int), ${types} >::nolock_connect(slot<void (int)> const&)`,
    'signals::impl<…>::nolock_connect(…)',
  ],
  [
    `<F as axum::handler::Handler<(M,T1),S>>::call::<${types}>::{{closure}}`,
    '<F as axum::handler::Handler<…>>::call::<…>::{{closure}}',
  ],
  [`(anonymous namespace)::keep<${types} >()`, '(anonymous namespace)::keep<…>()'],
  [`operator<< <${types} >(std::ostream&, mill::Board const&)`, 'operator<< <…>(…)'],
  [`mill::Order<${types} >::operator()(int) const`, 'mill::Order<…>::operator()(…) const'],
])('%s', (name, short) => {
  expect(shortName(name)).toBe(short);
});
