import { access } from './access';
import { common } from './common';
import { failure } from './failures';
import { record } from './record';
import { review } from './review';
import { settings } from './settings';
import { visits } from './visits';

export const en = { ...common, ...access, ...visits, ...record, ...review, ...settings, failure };
