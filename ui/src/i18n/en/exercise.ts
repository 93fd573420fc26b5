export const exercise = {
  exercise: {
    title: 'Practice consultation',
    chip: 'Practice',
    lead: 'Three minutes of an invented visit, with its sound: read the note, settle the doubts, sign, export. No patient, and nothing counts.',
    start: 'Practise on an invented visit',
    starting: 'Preparing the practice visit…',
    again: 'Start the practice visit again',
    resume: 'Go on practising',
    under: 'A practice visit is open. It is kept apart: no search, count or curve shows it.',
    band: 'Practice: this patient is invented. Every document says so, and nothing counts among your visits.',
    erase: 'Erase the practice visit',
    erased: 'The practice visit is erased.',
  },
};
