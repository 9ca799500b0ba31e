(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const detail = document.getElementById('detail');
  const tell = (element) => {
    all('.lit').forEach((e) => e.classList.remove('lit'));
    const ids = element ? element.dataset.q.split(' ') : [];
    const id = ids[ids.length - 1];
    const row = id && document.getElementById('row-' + id);
    if (!row) return;
    all('[data-q]').filter((e) => e.dataset.q.split(' ').includes(id)).forEach((e) => e.classList.add('lit'));
    all('[data-of]').filter((e) => e.dataset.of.split(' ').includes(id)).forEach((e) => e.classList.add('lit'));
    row.classList.add('lit');
    const pre = document.createElement('pre');
    pre.textContent = row.querySelector('pre').textContent;
    detail.replaceChildren(pre);
  };
  all('[data-q]').forEach((e) => {
    e.addEventListener('mouseenter', () => tell(e));
    e.addEventListener('focus', () => tell(e));
  });
  const shown = document.getElementById('shown');
  const filter = () => {
    const off = new Set(all('[data-filter]').filter((e) => !e.checked).map((e) => e.dataset.filter));
    all('.q').forEach((e) => e.classList.toggle('off', off.has(e.dataset.s)));
    const rows = all('tbody tr');
    rows.forEach((e) => { e.hidden = off.has(e.dataset.s); });
    const left = rows.filter((e) => !e.hidden).length;
    shown.textContent = off.size ? `${left} of ${rows.length} shown` : '';
  };
  all('[data-filter]').forEach((e) => e.addEventListener('change', filter));
  const sort = document.getElementById('sort');
  sort.addEventListener('click', () => {
    const doubtful = sort.getAttribute('aria-pressed') !== 'true';
    sort.setAttribute('aria-pressed', String(doubtful));
    const key = (e) => Number(doubtful ? e.dataset.confidence : e.dataset.n);
    const body = document.querySelector('tbody');
    all('tbody tr').sort((a, b) => key(a) - key(b) || a.dataset.n - b.dataset.n).forEach((e) => body.append(e));
  });
})();
