import { access } from './access';
import { common } from './common';
import { failure } from './failures';
import { papers } from './papers';
import { record } from './record';
import { review } from './review';
import { settings } from './settings';
import { visits } from './visits';

export const fr = { ...common, ...access, ...visits, ...papers, ...record, ...review, ...settings, failure };
