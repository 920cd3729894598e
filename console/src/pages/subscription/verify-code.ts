import csharp from '../../../../docs/verify/Verify.cs?raw';
import go from '../../../../docs/verify/verify.go?raw';
import java from '../../../../docs/verify/Verify.java?raw';
import node from '../../../../docs/verify/verify.mjs?raw';
import php from '../../../../docs/verify/verify.php?raw';
import python from '../../../../docs/verify/verify.py?raw';
import ruby from '../../../../docs/verify/verify.rb?raw';

/** How a signature is verified in one language. */
export interface Language {
  label: string;
  /** The secret, as the language writes it down. */
  secret(secret: string): string;
  /** The function, as the documents have it and tests run it. */
  code: string;
}

export const LANGUAGES: readonly Language[] = [
  language('Node', node, (secret) => `const secret = '${secret}';`),
  language('Python', python, (secret) => `SECRET = "${secret}"`),
  language('Go', go, (secret) => `const secret = "${secret}"`),
  language('Java', java, (secret) => `static final String SECRET = "${secret}";`),
  language('C#', csharp, (secret) => `const string Secret = "${secret}";`),
  language('PHP', php, (secret) => `$secret = '${secret}';`),
  language('Ruby', ruby, (secret) => `SECRET = "${secret}"`),
];

/** Without the last part, which is there to try the code from a shell. */
function language(label: string, code: string, secret: Language['secret']): Language {
  return { label, secret, code: code.split(/\n[^\n]*To try it:/)[0]!.trimEnd() };
}
