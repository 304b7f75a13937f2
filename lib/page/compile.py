"""Makes C of the templates: compile.py HEADER SOURCE --texts FILE [--style FILE] TEMPLATE...

For a template `slip.html`: struct wr_html_slip, and a function of that name that appends to a buffer;
for a layout two, _open and _close. What a template may hold is told by template.py.
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "language")]
import table  # noqa: E402
from template import Mistake, near, read  # noqa: E402


def c_name(text_id):
    return text_id.replace("-", "_").upper()


def literal(text):
    out = ""
    for byte in text.encode():
        escaped = {10: "\\n", 9: "\\t", 34: '\\"', 92: "\\\\", 63: "\\?"}.get(byte)
        out += escaped or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")
    return f'"{out}"'


class Library:
    """All templates and texts, by name; knows what a kind is in C."""

    def __init__(self, templates, texts):
        self.templates, self.texts = templates, texts

    def rows_of(self, template, field):
        """The fields of one row of a list, and the name of its struct."""
        if field.of in template.records:
            return template.records[field.of], f"wr_html_{template.name}_{field.of}"
        return self.fields_of(template, field), f"wr_html_{field.of}"

    def fields_of(self, template, field):
        if field.of not in self.templates:
            raise Mistake(template.path, field.line, f"there is no template `{field.of}`{near(field.of, self.templates)}")
        return self.templates[field.of].fields


class Value:
    """What a path leads to: its kind, and how C reaches it."""

    def __init__(self, kind, c, fields=None, struct=None, owner=None, field=None):
        self.kind, self.c, self.fields, self.struct, self.owner, self.field = kind, c, fields, struct, owner, field


class Writer:
    """The function of one template."""

    def __init__(self, library, template):
        self.library, self.template = library, template
        self.out, self.depth, self.scope, self.count = [], 1, {}, 0
        self.html = ""

    def mistake(self, node, what):
        raise Mistake(self.template.path, node.line, what)

    # -- lines of C --

    def line(self, text):
        self.flush()
        self.out.append("\t" * self.depth + text)

    def flush(self):
        html, self.html = self.html, ""
        for part in re.findall(r"[^\n]{1,60}\n?|\n", html):
            self.out.append("\t" * self.depth + f"wr_buf_append(buf, {literal(part)}, {len(part.encode())});")

    def fresh(self, word):
        self.count += 1
        return f"{word}_{self.count}"

    # -- paths --

    def find(self, node, path):
        name = path[0]
        if name in self.scope:
            value = self.scope[name]
        elif name in self.template.fields:
            value = self.member(node, self.template.fields[name], "page->", self.template)
        else:
            known = [*self.template.fields, *self.scope]
            self.mistake(node, f"there is no `{name}` here{near(name, known)}")
        for name in path[1:]:
            if not value.fields:
                self.mistake(node, f"`{'.'.join(path)}`: a {value.kind} has no fields")
            if name not in value.fields:
                self.mistake(node, f"`{'.'.join(path)}`: there is no `{name}`{near(name, value.fields)}")
            arrow = "->" if value.kind in ("option", "row") else "."
            value = self.member(node, value.fields[name], value.c + arrow, value.owner)
        return value

    def member(self, node, field, before, owner):
        field.used = True
        value = Value(field.kind, before + field.name, owner=owner, field=field)
        if field.kind in ("part", "option"):
            value.fields = self.library.fields_of(owner, field)
            value.struct, value.owner = f"wr_html_{field.of}", self.library.templates[field.of]
        if field.kind == "list":
            value.fields_of_row, value.struct = self.library.rows_of(owner, field)
            value.row_owner = owner if field.of in owner.records else self.library.templates[field.of]
            value.row_template = None if field.of in owner.records else field.of
        return value

    def truth(self, node, path):
        value = self.find(node, path)
        if value.kind in ("text", "url", "markup"):
            return f"({value.c} && *{value.c})"
        if value.kind in ("list", "texts"):
            before, name = value.c.rsplit(value.field.name, 1)[0], value.field.name
            return f"{before}n_{name} > 0"
        if value.kind in ("flag", "option"):
            return value.c
        if value.kind == "number":
            return f"{value.c} != 0"
        return self.mistake(node, f"a {value.kind} is neither true nor false")

    # -- nodes --

    def body(self, nodes):
        for node in nodes:
            getattr(self, "write_" + node.kind)(node)

    def write_html(self, node):
        self.html += node.text

    def write_value(self, node):
        name = node.path[0]
        if node.path == ["language"] or node.path == ["direction"]:
            self.line(f"wr_buf_puts(buf, wr_language_{'code' if name == 'language' else 'direction'}(language));")
            return
        if node.path == ["loop"]:
            loops = [value for value in self.scope.values() if hasattr(value, "index")]
            if not loops:
                self.mistake(node, "`loop` outside a loop")
            self.line(f'wr_buf_printf(buf, "%zu", {loops[-1].index} + 1);')
            return
        value = self.find(node, node.path)
        if value.kind == "row" and not value.fields:
            value = Value("text", value.c)
        if "address" in node.place:
            if node.place == "address" and value.kind != "url":
                self.mistake(node, f"`{'.'.join(node.path)}` begins an address but is a {value.kind}, not a url")
            if node.place == "inside-address" and value.kind not in ("text", "number"):
                self.mistake(node, f"a {value.kind} inside an address")
        if value.kind == "number":
            self.line(f'wr_buf_printf(buf, "%d", {value.c});')
        elif value.kind == "markup" and node.place == "content":
            self.line(f"wr_html_markup(buf, {value.c});")
        elif value.kind in ("text", "url"):
            call = {"address": "wr_html_address", "inside-address": "wr_html_address_part",
                    "content": "wr_html_value"}.get(node.place, "wr_html_escape")
            self.line(f"{call}(buf, {'language, ' if call == 'wr_html_value' else ''}{value.c});")
        else:
            self.mistake(node, f"a {value.kind} can't be shown{' here' if value.kind == 'markup' else ''}")

    def say(self, node, text_id):
        text = self.library.texts.get(text_id)
        if not text:
            self.mistake(node, f"there is no text `{text_id}`{near(text_id, self.library.texts)}")
        return text

    def write_say(self, node):
        text = self.say(node, node.text)
        given = dict(node.arguments)
        if set(given) != set(text.placeholders):
            self.mistake(node, f"text `{text.id}` wants {', '.join(text.placeholders) or 'no values'}")
        if not text.placeholders:
            self.line(f"wr_html_escape(buf, wr_say(language, WR_SAY_{c_name(text.id)}));")
            return
        values = []
        for name in text.placeholders:
            value = self.find(node, given[name].split("."))
            if value.kind not in ("text", "url"):
                self.mistake(node, f"`{given[name]}` is a {value.kind}, not a text")
            values.append(value.c)
        self.line(f"wr_html_fill(buf, language, WR_FILL_{c_name(text.id)},"
                  f" (const char *const[]){{{', '.join(values)}}});")

    def write_if(self, node):
        joint = " && " if node.joint == "and" else " || "
        terms = [("!" if negated else "") + (f"({truth})" if negated else truth)
                 for negated, path in node.condition for truth in [self.truth(node, path)]]
        self.line(f"if ({joint.join(terms)}) {{")
        self.block(node.body)
        if node.other is not None:
            self.line("} else {")
            self.block(node.other)
        self.line("}")

    def block(self, nodes):
        self.depth += 1
        self.body(nodes)
        self.flush()
        self.depth -= 1

    def write_for(self, node):
        value = self.find(node, node.path)
        if value.kind not in ("list", "texts"):
            self.mistake(node, f"`{'.'.join(node.path)}` is a {value.kind}, not a list")
        if node.text in self.scope or node.text in self.template.fields:
            self.mistake(node, f"`{node.text}` is a name already")
        before = value.c[:len(value.c) - len(value.field.name)]
        index, row = self.fresh("i"), self.fresh(node.text)
        self.line(f"for (size_t {index} = 0; {index} < {before}n_{value.field.name}; {index}++) {{")
        if value.kind == "texts":
            self.line(f"\tconst char *{row} = {value.c}[{index}];")
            inner = Value("row", row)
        else:
            self.line(f"\tconst struct {value.struct} *{row} = &{value.c}[{index}];")
            inner = Value("row", row, value.fields_of_row, value.struct, value.row_owner)
            inner.row_template = value.row_template
        self.line(f"\t(void){row};")
        inner.index = index
        self.scope[node.text] = inner
        self.block(node.body)
        del self.scope[node.text]
        self.line("}")

    def write_put(self, node):
        value = self.find(node, node.path)
        name = value.field.of if value.field and value.kind in ("part", "option") else getattr(value, "row_template", None)
        if not name:
            self.mistake(node, f"`{'.'.join(node.path)}` is no part")
        self.must_not_be_layout(node, name)
        call = f"wr_html_{name}(buf, language, {'&' if value.kind == 'part' else ''}{value.c});"
        self.line(f"if ({value.c})" if value.kind == "option" else call)
        if value.kind == "option":
            self.line("\t" + call)

    def must_not_be_layout(self, node, name):
        if self.library.templates[name].is_layout:
            self.mistake(node, f"`{name}` is a layout: use within")

    def template_named(self, node):
        if node.text not in self.library.templates:
            self.mistake(node, f"there is no template `{node.text}`{near(node.text, self.library.templates)}")
        return self.library.templates[node.text]

    def filled_in(self, node):
        """Declares the struct of a template that is filled in here; returns its name."""
        other = self.template_named(node)
        name = self.fresh("part")
        members = []
        for key, text in node.arguments:
            field = other.fields.get(key)
            if not field:
                self.mistake(node, f"template `{other.name}` has no `{key}`{near(key, other.fields)}")
            members.append(self.argument(node, other, field, text))
        self.line(f"const struct wr_html_{other.name} {name} = {{{', '.join(members) or '0'}}};")
        return name

    def argument(self, node, other, field, text):
        wrong = f"`{field.name}` of template `{other.name}` is a {field.kind}"
        if text.startswith('"'):
            if field.kind == "text" or (field.kind == "url" and re.match(r'"[/#]', text)):
                return f".{field.name} = {literal(text[1:-1])}"
            self.mistake(node, wrong)
        if text.startswith("t:"):
            said = self.say(node, text[2:])
            if field.kind != "text" or said.placeholders:
                self.mistake(node, wrong if field.kind != "text" else f"text `{said.id}` has places to fill")
            return f".{field.name} = wr_say(language, WR_SAY_{c_name(said.id)})"
        if text in ("true", "false") and field.kind == "flag":
            return f".{field.name} = {text}"
        if re.match(r"[0-9]+$", text) and field.kind == "number":
            return f".{field.name} = {text}"
        path = text.split(".")
        value = self.find(node, path)
        if field.kind == "flag":
            return f".{field.name} = {self.truth(node, path)}"
        if field.kind == value.kind and field.kind in ("text", "url", "number", "markup"):
            return f".{field.name} = {value.c}"
        if field.kind == "text" and (value.kind == "url" or (value.kind == "row" and not value.fields)):
            return f".{field.name} = {value.c}"
        if field.kind == value.kind and field.kind in ("list", "texts"):
            if field.kind == "list" and self.library.rows_of(other, field)[1] != value.struct:
                self.mistake(node, f"{wrong} of something else")
            before = value.c[:len(value.c) - len(value.field.name)]
            return f".{field.name} = {value.c}, .n_{field.name} = {before}n_{value.field.name}"
        if field.kind in ("part", "option") and value.struct == f"wr_html_{field.of}":
            if field.kind == "part":
                return f".{field.name} = {'' if value.kind == 'part' else '*'}{value.c}"
            return f".{field.name} = {'&' if value.kind == 'part' else ''}{value.c}"
        return self.mistake(node, f"{wrong}, `{text}` a {value.kind}")

    def write_part(self, node):
        self.must_not_be_layout(node, self.template_named(node).name)
        self.line("{")
        self.depth += 1
        name = self.filled_in(node)
        self.line(f"wr_html_{node.text}(buf, language, &{name});")
        self.depth -= 1
        self.line("}")

    def write_within(self, node):
        if not self.template_named(node).is_layout:
            self.mistake(node, f"`{node.text}` is no layout: it has no content")
        self.line("{")
        self.depth += 1
        name = self.filled_in(node)
        self.line(f"wr_html_{node.text}_open(buf, language, &{name});")
        self.body(node.body)
        self.line(f"wr_html_{node.text}_close(buf, language, &{name});")
        self.depth -= 1
        self.line("}")

    def write_content(self, node):
        if self.depth != 1:
            self.mistake(node, "content stands in no condition, loop or layout")
        self.line("\f")

    def function(self):
        self.body(self.template.body)
        self.flush()
        unused = [field for fields in (self.template.fields, *self.template.records.values())
                  for field in fields.values() if not field.used]
        return self.out, unused


def prototype(template, half=""):
    return (f"void wr_html_{template.name}{half}(struct wr_buf *buf, enum wr_language language,"
            f" const struct wr_html_{template.name} *page)")


def c_field(library, template, field):
    names = {"text": "const char *", "url": "const char *", "markup": "const char *", "flag": "bool ",
             "number": "int ", "texts": "const char *const *"}
    note = f" /* {field.comment} */" if field.comment else ""
    if field.kind in names:
        line = f"\t{names[field.kind]}{field.name};{note}\n"
    elif field.kind == "list":
        line = f"\tconst struct {library.rows_of(template, field)[1]} *{field.name};{note}\n"
    else:
        library.fields_of(template, field)
        star = "const struct wr_html_{} *{};" if field.kind == "option" else "struct wr_html_{} {};"
        line = f"\t{star.format(field.of, field.name)}{note}\n"
    return line + (f"\tsize_t n_{field.name};\n" if field.kind in ("list", "texts") else "")


def in_order(library):
    """Templates so that what is embedded comes before what embeds it."""
    done, doing = [], []

    def visit(template):
        if template in done:
            return
        if template in doing:
            raise Mistake(template.path, 1, "a template that holds itself")
        doing.append(template)
        for fields in (template.fields, *template.records.values()):
            for field in fields.values():
                if field.kind == "part":
                    library.fields_of(template, field)
                    visit(library.templates[field.of])
        doing.remove(template)
        done.append(template)

    for template in library.templates.values():
        visit(template)
    return done


def write_header(library, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("/* Made from lib/page/templates: what each page and part holds. See wardround/page.h. */\n"
                  "#ifndef WARDROUND_TEMPLATES_H\n#define WARDROUND_TEMPLATES_H\n\n"
                  '#include "wardround/language.h"\n\n')
        for template in library.templates.values():
            out.write(f"struct wr_html_{template.name};\n")
        for template in in_order(library):
            out.write("\n")
            for name, fields in template.records.items():
                out.write(f"struct wr_html_{template.name}_{name} {{\n")
                out.writelines(c_field(library, template, field) for field in fields.values())
                out.write("};\n")
            if template.comment:
                out.write("/* " + template.comment.replace("\n", "\n * ") + " */\n")
            out.write(f"struct wr_html_{template.name} {{\n")
            out.writelines(c_field(library, template, field) for field in template.fields.values())
            out.write("\tchar nothing;\n" if not template.fields else "")
            out.write("};\n")
            for half in (["_open", "_close"] if template.is_layout else [""]):
                out.write(prototype(template, half) + ";\n")
        out.write("\n#endif\n")


def write_source(library, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write('#include "wardround/page.h"\n#include "wardround/templates.h"\n')
        for template in library.templates.values():
            lines, unused = Writer(library, template).function()
            if unused:
                raise Mistake(template.path, unused[0].line, f"`{unused[0].name}` is declared and never used")
            text = "\n".join(lines)
            halves = text.split("\t\f") if template.is_layout else [text]
            if template.is_layout and len(halves) != 2:
                raise Mistake(template.path, 1, "content stands in a layout once")
            for half, name in zip(halves, ["_open", "_close"] if template.is_layout else [""]):
                out.write(f"\n{prototype(template, name)}\n{{\n\t(void)language;\n\t(void)page;\n")
                out.write(half.strip("\n") + "\n}\n")


def classes_of(style):
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    return {re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"\.(-?[A-Za-z_](?:[\w-]|\\.)*)", style)}


def load(paths, texts_path, style_path):
    with open(texts_path, encoding="utf-8") as file:
        texts = table.read_texts(texts_path, file.read())
    classes = None
    if style_path:
        with open(style_path, encoding="utf-8") as file:
            classes = classes_of(file.read())
    templates = {}
    for path in sorted(paths):
        name = os.path.basename(path).removesuffix(".html")
        if not re.match(r"[a-z][a-z0-9_]*$", name):
            raise Mistake(path, 1, "a template's name is of small letters, digits and _")
        with open(path, encoding="utf-8") as file:
            templates[name] = read(name, path, file.read(), classes)
    return Library(templates, texts)


def main(words):
    options = {}
    while "--texts" in words or "--style" in words:
        at = next(i for i, word in enumerate(words) if word in ("--texts", "--style"))
        options[words[at]] = words[at + 1]
        del words[at:at + 2]
    try:
        library = load(words[2:], options["--texts"], options.get("--style"))
        write_header(library, words[0])
        write_source(library, words[1])
    except (Mistake, table.Mistake) as mistake:
        print(mistake, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
