(() => {
  const body = document.querySelector('tbody');
  const rows = [...body.rows];
  const heads = [...document.querySelectorAll('th')];
  heads.forEach((head, column) => head.firstElementChild.addEventListener('click', () => {
    const up = head.getAttribute('aria-sort') !== 'ascending';
    heads.forEach((h) => h.setAttribute('aria-sort', 'none'));
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const key = (row) => row.cells[column].textContent;
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    rows.sort((a, b) => (up ? 1 : -1) * compare(key(a), key(b))).forEach((row) => body.append(row));
  }));
  const shown = document.getElementById('shown');
  document.getElementById('filter').addEventListener('input', (event) => {
    const wanted = event.target.value.toLowerCase();
    rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
    shown.textContent = wanted ? `${rows.filter((row) => !row.hidden).length} of ${rows.length} shown` : '';
  });
})();
