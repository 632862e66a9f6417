// Progressive enhancement only: every page works without this file.
const status = (form, text) => {
  const place = form.querySelector('[data-autosave-status]');
  if (place) place.textContent = text;
};

// A draft saves itself two seconds after the last keystroke, by the same form as the button, with the same version check.
const autosave = (form) => {
  let timer, running = false, stopped = false, again = false;
  const save = async () => {
    if (stopped) return;
    if (running) { again = true; return; }
    running = true;
    status(form, 'Saving');
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
        headers: { 'X-Touchstone-Autosave': '1', 'Accept': 'application/json' },
        credentials: 'same-origin',
        redirect: 'error'
      });
      const said = await answer.json();
      if (answer.ok) {
        const version = form.querySelector('input[name="_version"]');
        if (version) version.value = said.version;
        status(form, said.message);
      } else {
        stopped = answer.status === 409 || answer.status === 412;
        status(form, said.detail || 'Not saved. Use the button to save.');
      }
    } catch {
      status(form, 'Not saved yet: no connection. Your text is still on this page.');
    } finally {
      running = false;
      if (again) { again = false; save(); }
    }
  };
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(save, 2000); });
  form.addEventListener('submit', () => { clearTimeout(timer); stopped = true; });
};

document.querySelectorAll('form[data-autosave]').forEach(autosave);

import(new URL('govuk-frontend.js', import.meta.url).href).then((frontend) => frontend.initAll(), () => {});
