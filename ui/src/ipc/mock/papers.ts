import type { Failure, FailureCode, Note, Paper, PaperKind, SectionId, SignedPaper, Signature } from '../types';

type Refuse = (code: FailureCode, details?: Failure['details']) => never;

const TAKEN: Record<PaperKind, SectionId[]> = {
  referral: ['motif', 'antecedents', 'allergies', 'traitements', 'histoire', 'examen', 'conclusion'],
  prescription: ['ordonnance'],
  certificate: [],
  summary: ['conclusion', 'ordonnance', 'conduite', 'suivi'],
};

const TITLES: Record<PaperKind, [string, string]> = {
  referral: ['Courrier d’adressage', 'Referral letter'],
  prescription: ['Ordonnance', 'Prescription'],
  certificate: ['Certificat médical', 'Medical certificate'],
  summary: ['Résumé de votre consultation', 'Summary of your visit'],
};

const BLANK = '……………………………………';

/** Papers as the core composes, signs and prints them, roughly. */
export class MockPapers {
  #signed = new Map<string, SignedPaper[]>();

  answer(
    command: string,
    id: string,
    note: Note,
    signature: Signature,
    args: Record<string, unknown>,
    refuse: Refuse,
  ): unknown {
    const held = this.#signed.get(id) ?? [];
    switch (command) {
      case 'papers':
        return held;
      case 'paper_draft':
        return compose(args.kind as PaperKind, note);
      case 'paper_preview': {
        const paper = args.paper as Paper;
        return [pageOf(paper.title, paper.sections.flatMap((section) => section.lines.map((line) => line.text)))];
      }
      case 'paper_sign': {
        const paper = args.paper as Paper;
        const sha256 = `${held.length}`.padStart(64, 'a');
        const signed: SignedPaper = { paper, signature: { ...signature, sha256 } };
        this.#signed.set(id, [signed, ...held]);
        return signed;
      }
      default: {
        const paper = held.find((signed) => signed.signature.sha256 === args.sha256)?.paper;
        if (paper === undefined) return refuse('not_validated');
        return command === 'paper_pdf' ? `/home/claire/Documents/Calame/${paper.kind}-2026-11-24-09h12.pdf` : null;
      }
    }
  }
}

function compose(kind: PaperKind, note: Note): Paper {
  const isFrench = note.language === 'fr';
  const held = note.sections.filter((section) => TAKEN[kind].includes(section.id));
  const sections = held.map((section) => ({
    title: kind === 'prescription' ? '' : section.title,
    lines: section.statements.map((statement) => ({ text: statement.text, statement: statement.id })),
  }));
  return {
    schema: 'calame.paper/1',
    kind,
    language: note.language,
    title: TITLES[kind][isFrench ? 0 : 1],
    recipient: kind === 'referral' ? [isFrench ? `À l’attention de ${BLANK}` : `To: ${BLANK}`] : [],
    opening: [isFrench ? 'Le 23 novembre 2026' : '23 November 2026'],
    sections: sections.length > 0 ? sections : [{ title: '', lines: [{ text: BLANK }] }],
    closing: [],
  };
}

/** A page as the core draws it: one SVG. */
export function pageOf(title: string, lines: string[]): string {
  const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const body = lines.map((line, at) => `<text x="68" y="${190 + at * 18}" font-size="11">– ${escaped(line)}</text>`);
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842" width="595" height="842" font-family="sans-serif">' +
    `<rect width="595" height="842" fill="#fff"/><text x="68" y="120" font-size="18">${escaped(title)}</text>` +
    `${body.join('')}</svg>`
  );
}
