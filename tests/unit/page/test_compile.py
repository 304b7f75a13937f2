"""Goal: a mistake in a template ends the build with file, line and what is wrong; what is right becomes C
that writes exactly the page that was drawn. Prints TAP.  test_compile.py SOURCE_ROOT
"""
import contextlib
import io
import os
import subprocess
import sys
import tempfile

ROOT = sys.argv[1]
sys.path.insert(0, os.path.join(ROOT, "lib", "page"))
import compile  # noqa: E402  lib/page/compile.py

TEXTS = "hello = Hello\ngoes-at = Goes at {time} by {way}\n"
STYLE = ".ui-a{top:0}\n.ui-b\\:c{top:0}\n/* .ui-hidden */\n"

# (name, template, line, words of the message); line None: compiles
PIECES = [
    ("plain markup is right", "---\n<p class=\"ui-a ui-b:c\">x &lt; y</p>\n", None, ""),
    ("an element that is not closed", "---\n<div>\n<p>x</p>\n", 2, "<div> is not closed"),
    ("an end without a beginning", "---\n<p>x</p></div>\n", 2, "</div> closes nothing"),
    ("ends in the wrong order", "---\n<b><i>x</b></i>\n", 2, "<i> of line 2 is open"),
    ("a condition that closes what it did not open", "@flag f\n---\n<p>{% if f %}</p>{% end %}\n", 3, "closes too much"),
    ("a branch that leaves something open", "@flag f\n---\n{% if f %}\n<p>\n{% end %}\n", 3, "is not closed in it"),
    ("a loop without an end", "@texts l\n---\n{% for x in l %}\n", 3, "is not ended"),
    ("an end too many", "---\n{% end %}\n", 2, "without a beginning"),
    ("a name that nobody declared", "@text title\n---\n{{title}} {{tilte}}\n", 3, "did you mean `title`"),
    ("a field that nobody uses", "@text title\n@text more\n---\n{{title}}\n", 2, "never used"),
    ("a field twice", "@text a\n@flag a\n---\n{{a}}\n", 2, "declared twice"),
    ("a word of C as a name", "@flag inline\n---\n", 1, "word of"),
    ("a kind that there is not", "@string a\n---\n{{a}}\n", 1, "declares nothing"),
    ("no line between declarations and markup", "@text a\n", 2, "no line `---`"),
    ("a list of nothing", "@list a\n---\n", 1, "of what"),
    ("a flag as a text", "@flag f\n---\n{{f}}\n", 3, "can't be shown"),
    ("markup in an attribute", "@markup m\n---\n<p title=\"{{m}}\">x</p>\n", 3, "can't be shown here"),
    ("a value outside quotes", "@text a\n---\n<p {{a}}>x</p>\n", 3, "outside quotes"),
    ("an attribute without quotes", "---\n<p title=x>x</p>\n", 2, "double quotes"),
    ("an attribute in single quotes", "---\n<p title='x'>x</p>\n", 2, "double quotes"),
    ("a text as an address", "@text a\n---\n<a href=\"{{a}}\">x</a>\n", 3, "not a url"),
    ("a url within an address", "@url a\n---\n<a href=\"/s/{{a}}\">x</a>\n", 3, "inside an address"),
    ("a script", "---\n<script>x</script>\n", 2, "neither script"),
    ("a handler", "---\n<p onclick=\"x\">x</p>\n", 2, "neither script"),
    ("styles in place", "---\n<p style=\"x\">x</p>\n", 2, "neither script"),
    ("a value in a comment", "@text a\n---\n<!-- {{a}} -->\n", 3, "in a comment"),
    ("a bare <", "---\n<p>1 < 2</p>\n", 2, "write &lt;"),
    ("a class that the style sheet lacks", "---\n<p class=\"ui-aa\">x</p>\n", 2, "did you mean `ui-a`"),
    ("a class that stands only in a comment there", "---\n<p class=\"ui-hidden\">x</p>\n", 2, "no class"),
    ("an id twice", "---\n<p id=\"x\">x</p>\n<p id=\"x\">x</p>\n", 3, "was used in line 2"),
    ("an id in both branches is used once", "@flag f\n---\n{% if f %}\n<p id=\"x\">x</p>\n{% else %}\n<b id=\"x\">x</b>\n{% end %}\n",
     None, ""),
    ("an id in a loop", "@texts l\n---\n{% for x in l %}\n<p id=\"x\">{{x}}</p>\n{% end %}\n", 4, "same each time"),
    ("a text that there is not", "---\n{{t helo}}\n", 2, "did you mean `hello`"),
    ("a text without its values", "@text a\n---\n{{t goes-at time=a}}\n", 3, "wants time, way"),
    ("a value for a text that takes none", "@text a\n---\n{{t hello time=a}}\n", 3, "wants no values"),
    ("a number in a text", "@number n\n@text a\n---\n{{t goes-at time=n way=a}}\n", 4, "not a text"),
    ("a loop over no list", "@text a\n---\n{% for x in a %}{{x}}{% end %}\n", 3, "not a list"),
    ("a row's field that there is not", "@record r\n@text a\n@end\n@list l of r\n---\n{% for x in l %}{{x.b}}{% end %}\n", 6,
     "there is no `b`"),
    ("a tag that there is not", "---\n{% of a %}\n", 2, "is no tag"),
    ("and with or", "@flag a\n@flag b\n---\n{% if a and b or a %}x{% end %}\n", 4, "`and` and `or`"),
    ("a template that there is not", "---\n{% part nothing %}\n", 2, "no template `nothing`"),
    ("an argument that there is not", "---\n{% part shared lable=\"x\" %}\n", 2, "did you mean `label`"),
    ("an argument of the wrong kind", "@flag f\n---\n{% part shared label=f %}\n", 3, "is a text, `f` a flag"),
    ("a literal that is no address", "---\n{% part shared to=\"javascript:x\" %}\n", 2, "is a url"),
    ("an argument twice", "---\n{% part shared label=\"x\" label=\"y\" %}\n", 2, "given twice"),
    ("a layout as a part", "---\n{% part frame %}\n", 2, "use within"),
    ("a part as a layout", "---\n{% within shared %}x{% end %}\n", 2, "is no layout"),
    ("content in a condition", "@flag f\n---\n{% if f %}\n{% content %}\n{% end %}\n", 4, "no condition"),
    ("a part inside a tag", "---\n<p {% part shared %}>x</p>\n", 2, "inside a tag"),
    ("a stray end of a value", "---\n<p>a }} b</p>\n", 2, "stray"),
    ("itself within itself", "@part a of piece\n---\n{% put a %}\n", 1, "holds itself"),
    ("`loop` outside a loop", "---\n{{loop}}\n", 2, "outside a loop"),
]
SHARED = "@text label\n@url to\n---\n<a href=\"{{to}}\">{{label}}</a>\n"
FRAME = "@text title\n---\n<body>\n<h1>{{title}}</h1>\n{% content %}\n</body>\n"

# One template with all there is, what it is filled with, and the page drawn.
WHOLE = """# A slip of paper.
@record row
@text name
@flag bold
@end
@text title
@text note
@url to
@number count
@flag urgent
@markup picture
@texts words
@list rows of row
@option extra of shared
@part always of shared
---
{% within frame title=title %}
{% if note %}
<p title="{{note}}">{{note}}</p>
{% else %}
<p>{{t hello}}, {{t goes-at time=title way=note}}</p>
{% end %}
<a href="{{to}}">{{count}}</a> <a href="/s/{{title}}?n={{count}}">x</a>
{% for row in rows %}
<p id="r-{{loop}}">{% if row.bold %}<b>{{row.name}}</b>{% else %}{{row.name}}{% end %}</p>
{% end %}
{% for word in words %}
{{word}}
{% end %}
{% if urgent and not note %}
!
{% end %}
{{picture}}
{% put extra %}
{% put always %}
{% part shared label=t:hello to="/x" %}
{% end %}
"""
PROGRAM = r"""
#include <stdio.h>
#include "wardround/templates.h"
int main(void)
{
	struct wr_buf buf = {0};
	const struct wr_html_whole_row rows[] = {{"<one>", true}, {"two & three", false}};
	const char *const words[] = {"a", NULL, "b\""};
	const struct wr_html_shared extra = {"Extra", "javascript:alert(1)"};
	struct wr_html_whole page = {.title = "T/1 \"", .note = NULL, .to = "https://example.org/?a=1&b=2",
	    .count = 3, .urgent = true, .picture = "<svg></svg>", .words = words, .n_words = 3,
	    .rows = rows, .n_rows = 2, .extra = &extra, .always = {"Always", "//evil.example/"}};
	wr_html_whole(&buf, WR_LANGUAGE_EN, &page);
	page.note = "'n'";
	page.extra = NULL;
	page.n_rows = page.n_words = 0;
	wr_html_whole(&buf, WR_LANGUAGE_EN, &page);
	fputs(wr_buf_text(&buf), stdout);
	wr_buf_deinit(&buf);
	return 0;
}
"""
DRAWN = """<body>
<h1>T/1 &quot;</h1>
<p>Hello, Goes at T/1 &quot; by </p>
<a href="https://example.org/?a=1&amp;b=2">3</a> <a href="/s/T%2F1%20%22?n=3">x</a>
<p id="r-1"><b>&lt;one&gt;</b></p>
<p id="r-2">two &amp; three</p>
a

b&quot;
!
<svg></svg>
<a href="#">Extra</a>
<a href="#">Always</a>
<a href="/x">Hello</a>
</body>
<body>
<h1>T/1 &quot;</h1>
<p title="&#39;n&#39;">&#39;n&#39;</p>
<a href="https://example.org/?a=1&amp;b=2">3</a> <a href="/s/T%2F1%20%22?n=3">x</a>
<svg></svg>
<a href="#">Always</a>
<a href="/x">Hello</a>
</body>
"""
count = 0
bad = 0


def point(name, wrong):
    global count, bad
    count += 1
    bad += bool(wrong)
    print(f"{'not ok' if wrong else 'ok'} {count} - {name}")
    for line in (wrong or "").splitlines():
        print(f"# {line}")


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def compile_all(folder, templates):
    """(exit, message); the made files lie in folder/wardround."""
    os.makedirs(os.path.join(folder, "wardround"), exist_ok=True)
    paths = [write(folder, name + ".html", text) for name, text in templates.items()]
    made = [os.path.join(folder, "wardround", "templates." + end) for end in "hc"]
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        code = compile.main([*made, "--texts", write(folder, "texts.txt", TEXTS), "--style",
                             write(folder, "page.css", STYLE), *paths])
    return code, said.getvalue()


def judge(name, template, line, words):
    with tempfile.TemporaryDirectory() as folder:
        code, said = compile_all(folder, {"piece": template, "shared": SHARED, "frame": FRAME})
        if line is None:
            return said if code else ""
        wanted = f"{os.path.join(folder, 'piece.html')}:{line}: "
        if code == 0 or not said.startswith(wanted) or words not in said:
            return f"wanted line {line} and `{words}`, got exit {code}: {said}"
    return ""


def draw():
    with tempfile.TemporaryDirectory() as folder:
        code, said = compile_all(folder, {"whole": WHOLE, "shared": SHARED, "frame": FRAME})
        if code:
            return said
        header = os.path.join(folder, "wardround", "texts.")
        made = subprocess.run([sys.executable, os.path.join(ROOT, "lib", "language", "compile.py"),
                               os.path.join(folder, "texts.txt"), header + "h", header + "c"],
                              capture_output=True, text=True, check=False)
        if made.returncode:
            return made.stderr
        write(folder, "main.c", PROGRAM)
        sources = [os.path.join(ROOT, "lib", path) for path in
                   ("language/say.c", "page/html.c", "base/buf.c", "base/arena.c", "base/text.c")]
        built = subprocess.run([*os.environ.get("CC", "cc").split(), "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-I", folder, "-I",
                                os.path.join(ROOT, "include"), "-I", os.path.join(ROOT, "lib", "language"),
                                "-o", os.path.join(folder, "draw"), os.path.join(folder, "main.c"),
                                os.path.join(folder, "wardround", "templates.c"), header + "c", *sources],
                               capture_output=True, text=True, check=False)
        if built.returncode:
            return built.stderr
        drawn = subprocess.run([os.path.join(folder, "draw")], capture_output=True, text=True, check=False).stdout
        return "" if drawn == DRAWN else "\n".join(f"{'  ' if a == b else '! '}{a!r}  {b!r}" for a, b in
                                                   zip(drawn.split("\n"), DRAWN.split("\n")))


for piece in PIECES:
    point(piece[0], judge(*piece))
point("a template with all there is writes the page drawn", draw())
print(f"1..{count}")
sys.exit(bad != 0)
