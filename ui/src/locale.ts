/** Where the system names no language (LANG=C), the webview says its language is "C", which no formatter takes: a library that
 *  asks while it loads would leave the window empty. French stands in; the screens choose their language by themselves. */
export function nameALanguage(of: { readonly language: string }): void {
  try {
    Intl.getCanonicalLocales(of.language);
  } catch {
    Object.defineProperty(of, 'language', { value: 'fr', configurable: true });
  }
}

nameALanguage(navigator);
