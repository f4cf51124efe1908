const root = document.documentElement;
const search = document.querySelector('#search');
const found = document.querySelector('#found');
const operations = [...document.querySelectorAll('.operation')];
const links = new Map([...document.querySelectorAll('nav [data-for]')].map((item) => [item.dataset.for, item]));

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const operation of operations) {
    const matches = words.every((word) => operation.dataset.search.includes(word));
    operation.hidden = !matches;
    links.get(operation.id).hidden = !matches;
    shown += matches ? 1 : 0;
  }
  for (const group of document.querySelectorAll('[data-group]')) {
    group.hidden = !group.querySelector('.operation:not([hidden]), [data-for]:not([hidden])');
  }
  for (const section of document.querySelectorAll('[data-aside]')) section.hidden = words.length > 0;
  if (words.length === 0) found.textContent = '';
  else found.textContent = shown === 0 ? 'Nothing matches.' : `${shown} of ${operations.length} operations`;
}

function reset() {
  search.value = '';
  filter();
}

search.addEventListener('input', filter);
search.addEventListener('keydown', (event) => {
  const first = operations.find((operation) => !operation.hidden);
  if (event.key === 'Enter' && first) first.querySelector('h3 a').click();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') reset();
  const typing = event.target.closest('input, textarea, [contenteditable]');
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  search.focus();
  search.select();
});
// A link to something that the search hides shows everything again.
addEventListener('hashchange', () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.closest('[hidden]')) return;
  reset();
  target.scrollIntoView();
});

for (const sample of document.querySelectorAll('.code code')) {
  sample.textContent = sample.textContent.replaceAll('http://127.0.0.1:3000', location.origin);
}
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const sample = button.closest('.code').querySelector('code');
  try {
    await navigator.clipboard.writeText(sample.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(sample);
    button.textContent = 'Selected';
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 1500);
});

const theme = document.querySelector('#theme');
const isDark = () =>
  (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
function showTheme(chosen) {
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  theme.textContent = isDark() ? 'Light' : 'Dark';
}
theme.hidden = false;
showTheme(localStorage.getItem('theme'));
theme.addEventListener('click', () => {
  const chosen = isDark() ? 'light' : 'dark';
  localStorage.setItem('theme', chosen);
  showTheme(chosen);
});

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      const link = links.get(target.id)?.querySelector('a');
      if (isIntersecting) link?.setAttribute('aria-current', 'true');
      else link?.removeAttribute('aria-current');
    }
  },
  { rootMargin: '-15% 0px -80% 0px' },
);
for (const operation of operations) seen.observe(operation);
