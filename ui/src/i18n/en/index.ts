import { access } from './access';
import { acts } from './acts';
import { common } from './common';
import { course } from './course';
import { exercise } from './exercise';
import { failure } from './failures';
import { papers } from './papers';
import { record } from './record';
import { review } from './review';
import { settings } from './settings';
import { versions } from './versions';
import { visits } from './visits';

export const en = { ...common, ...access, ...acts, ...course, ...exercise, ...visits, ...papers, ...record, ...review, ...settings, ...versions, failure };
