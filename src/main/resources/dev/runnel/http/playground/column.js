// The form of a column: its model and its parameters.

import { button, element } from './dom.js';
import { PARAMETERS } from './state.js';

/**
 * @param settings the column's, changed by the form
 * @param models those of the key; empty until they are known
 * @param options `{number, count, changed, remove}`
 */
export function columnForm(settings, models, options) {
  const name = options.count > 1 ? `Model ${options.number}` : 'Model';
  const id = (field) => `column-${options.number}-${field}`;
  const form = element('fieldset', { className: 'column' }, element('legend', {}, name));
  form.append(
    element('div', { className: 'row' },
      labelled('Name', modelChoice(id('model'), settings, models, options.changed)),
      ...(options.count > 1 ? [button('Remove', options.remove, `Remove model ${options.number}`)] : [])),
    element('details', {},
      element('summary', {}, 'Parameters'),
      labelled('System text', textArea(id('system'), 'system', 3, settings, options.changed)),
      element('div', { className: 'fields' },
        ...PARAMETERS.map((field) => labelled(field.label, number(id(field.name), field, settings, options.changed)))),
      labelled('Stop sequences, one a line', textArea(id('stop'), 'stop', 2, settings, options.changed))));
  return form;
}

function labelled(text, control) {
  return element('div', { className: 'field' }, element('label', { for: control.id }, text), control);
}

function modelChoice(id, settings, models, changed) {
  const choice = element('select', { id, className: 'model' });
  choice.onchange = () => changed('model', choice.value);
  showModels(choice, settings, models);
  return choice;
}

/** Shows the models in the choice of a form, which is otherwise left as it is. */
export function showModels(choice, settings, models) {
  const options = models.map((model) => element('option', { value: model.name, disabled: !model.available },
    model.available ? model.name : `${model.name} (not available)`));
  if (settings.model && !models.some((model) => model.name === settings.model)) {
    options.push(element('option', { value: settings.model }, settings.model));
  }
  choice.replaceChildren(element('option', { value: '' }, defaultText(models)), ...options);
  choice.value = settings.model ?? '';
}

function defaultText(models) {
  const model = models.find((each) => each.default);
  return model ? `${model.name} (default)` : 'The default model';
}

function number(id, field, settings, changed) {
  const input = element('input', { id, type: 'number', step: String(field.step), placeholder: 'default',
    value: settings[field.name] ?? '' });
  input.min = field.min;
  input.max = field.max ?? '';
  input.onchange = () => {
    if (input.reportValidity()) {
      changed(field.name, input.value);
    }
  };
  return input;
}

function textArea(id, name, rows, settings, changed) {
  const area = element('textarea', { id, rows, value: settings[name] ?? '' });
  area.onchange = () => changed(name, area.value);
  return area;
}
