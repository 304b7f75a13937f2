"""Reads a template: HTML with values, texts, conditions, loops and parts, and what its struct holds.

A file begins with its declarations, a line each, up to a line `---`; then comes the markup.

    # comment, becomes the struct's
    @text NAME [comment]            const char *; NULL is left out, in conditions "" and NULL are false
    @url NAME                       an address; the only kind that may stand in href, src, action
    @flag NAME  @number NAME        bool, int
    @markup NAME                    markup made by lib (an SVG); not escaped
    @texts NAME                     a list of plain texts
    @list NAME of KIND              KIND: a record of this file, or another template
    @part NAME of TEMPLATE          embedded; `{% put NAME %}` writes it
    @option NAME of TEMPLATE        a pointer, NULL leaves it out
    @record NAME ... @end           the fields of a list that has no template of its own

In the markup:

    {{name}} {{row.term}} {{loop}}  a value, escaped; `loop` counts from 1 in the innermost loop
    {{t id}} {{t id time=name}}     a text of lib/language/texts.txt, in the page's language
    {{language}} {{direction}}      "cy", "ltr"
    {% if a %} {% if not a %} {% if a and not b %} {% if a or b %} {% else %} {% end %}
    {% for row in rows %} {% end %}
    {% put name %}                  a part, an option, or a loop's row that is a template
    {% part TEMPLATE a=b c="words" d=t:id e=true f=3 %}    a template, filled in right here
    {% within TEMPLATE a=b %} {% end %}                     a layout around what stands inside
    {% content %}                   in a layout: where that goes

A line that holds nothing but such a tag leaves no line behind. Every mistake is told as
`file:line: what`: unknown names, kinds in the wrong place, unused fields, values outside quotes or
in an address, tags that are not closed, ids used twice, classes that the style sheet does not have.
"""
import dataclasses
import re

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
ADDRESSES = {"href", "src", "action", "formaction"}
SCALARS = {"text", "url", "flag", "number", "markup", "texts"}
COMPOUND = {"list", "part", "option"}
NAME = re.compile(r"[a-z][a-z0-9_]*$")
RESERVED = set("loop language direction buf page t true false and or not in"  # words of the templates, of C
               " auto bool break case char const continue default do double else enum extern float for goto if"
               " inline int long register restrict return short signed sizeof static struct switch typedef union"
               " unsigned void volatile while".split())


class Mistake(Exception):
    def __init__(self, path, line, what):
        super().__init__(f"{path}:{line}: {what}")


@dataclasses.dataclass
class Field:
    name: str
    kind: str
    of: str = None       # list, part, option
    comment: str = ""
    line: int = 0
    used: bool = False


@dataclasses.dataclass
class Node:
    """kind: html, value, say, if, for, put, part, within, content"""
    kind: str
    line: int
    text: str = ""                 # html; name of a text or template; the loop's variable
    path: list = None              # value, for, put
    condition: list = None         # [(negated, path)] joined by `joint`
    joint: str = "and"
    arguments: list = None         # [(name, value)]
    body: list = None
    other: list = None             # else
    place: str = "content"         # value, say: content, verbatim (textarea, title), attribute, address


@dataclasses.dataclass
class Template:
    name: str
    path: str
    fields: dict
    records: dict                  # name -> {field name: Field}
    comment: str
    body: list = None
    is_layout: bool = False
    classes: list = None           # [(line, class)]


def near(word, words):
    import difflib
    found = difflib.get_close_matches(word, words, 1)
    return f"; did you mean `{found[0]}`?" if found else ""


# ---- declarations ----

def read_declarations(path, lines):
    fields, records, comments, into = {}, {}, [], None
    for number, line in enumerate(lines, 1):
        words = line.split(None, 2)
        if line.strip() == "---":
            if into is not None:
                raise Mistake(path, number, "a record is not ended with @end")
            return fields, records, "\n".join(comments), number
        if not words:
            continue
        if words[0].startswith("#"):
            comments.append(line.lstrip("# ").rstrip())
            continue
        kind = words[0].removeprefix("@")
        if not words[0].startswith("@") or kind not in SCALARS | COMPOUND | {"record", "end"}:
            raise Mistake(path, number, f"`{words[0]}` declares nothing{near(words[0], ['@' + one for one in SCALARS | COMPOUND])}")
        if kind == "end":
            if into is None:
                raise Mistake(path, number, "@end without @record")
            into = None
            continue
        if len(words) < 2 or not NAME.match(words[1]) or words[1] in RESERVED:
            raise Mistake(path, number, f"@{kind} wants a name: small letters, digits and _, no word of the templates or of C")
        name, rest = words[1], words[2] if len(words) > 2 else ""
        if kind == "record":
            if into is not None or name in records:
                raise Mistake(path, number, f"record `{name}` is inside another or there twice")
            into = records[name] = {}
            continue
        target = fields if into is None else into
        if name in target:
            raise Mistake(path, number, f"`{name}` is declared twice")
        field = Field(name, kind, comment=rest, line=number)
        if kind in COMPOUND:
            match = re.match(r"of ([a-z][a-z0-9_]*)\s*(.*)$", rest)
            if not match:
                raise Mistake(path, number, f"@{kind} {name} of what?")
            field.of, field.comment = match[1], match[2]
        target[name] = field
    raise Mistake(path, len(lines) or 1, "no line `---` ends the declarations")


# ---- markup: pieces of HTML between tags of ours ----

PIECE = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.S)


class Html:
    """Where in the markup we are: which element, inside a tag or an attribute, how deep."""

    def __init__(self, template, known_classes):
        self.template, self.known = template, known_classes
        self.state = "content"     # content, tag, attribute, comment
        self.tag, self.attribute, self.seen_before = "", "", ""
        self.open = []             # [(tag, line)]
        self.ids, self.loops = {}, 0
        self.closing = False
        self.value, self.whole = "", True

    def snapshot(self):
        return self.state, self.tag, self.attribute, [tag for tag, _ in self.open]

    def mistake(self, line, what):
        raise Mistake(self.template.path, line, what)

    def end_tag(self, line, itself):
        name = self.tag
        if self.closing:
            if not self.open or self.open[-1][0] != name:
                inside = f"; <{self.open[-1][0]}> of line {self.open[-1][1]} is open" if self.open else ""
                self.mistake(line, f"</{name}> closes nothing here{inside}")
            self.open.pop()
        elif name not in VOID and not itself:
            self.open.append((name, line))
        self.state, self.tag = "content", ""

    def split_value(self):
        """What one branch adds to an attribute's value does not run into what another adds."""
        self.whole = False
        if self.value and self.attribute == "class":
            self.value += " "
        return self.value

    def end_attribute(self, line):
        name, value = self.attribute, self.value
        if name == "id" and self.whole:
            if value in self.ids:
                self.mistake(line, f"id `{value}` was used in line {self.ids[value]}")
            if self.loops:
                self.mistake(line, f"id `{value}` is the same each time round the loop")
            self.ids[value] = line
        if name == "class":
            for word in value.split():
                if "\0" not in word:
                    self.template.classes.append((line, word))
                    if self.known is not None and word not in self.known:
                        self.mistake(line, f"the style sheet has no class `{word}`{near(word, self.known)}"
                                           " (-Dweb_assets=npm makes it anew)")
        self.state, self.attribute = "tag", ""

    def feed(self, text, line):
        at = 0
        while at < len(text):
            rest = text[at:]
            if self.state == "content":
                step = self.content(rest, line)
            elif self.state == "comment":
                end = rest.find("-->")
                step = len(rest) if end < 0 else end + 3
                self.state = "comment" if end < 0 else "content"
            elif self.state == "attribute":
                end = rest.find('"')
                step = len(rest) if end < 0 else end
                self.value += rest[:step]
                if end >= 0:
                    step += 1
                    self.end_attribute(line + rest[:end].count("\n"))
            else:
                step = self.in_tag(rest, line)
            line += text[at:at + step].count("\n")
            at += step
        return line

    def content(self, rest, line):
        at = rest.find("<")
        if at < 0:
            return len(rest)
        if at > 0:
            return at
        if rest.startswith("<!--"):
            self.state = "comment"
            return 4
        if rest.startswith("<!"):
            return rest.index(">") + 1
        match = re.match(r"<(/?)([a-z][a-z0-9-]*)", rest)
        if not match:
            self.mistake(line, "a `<` that begins no tag; write &lt;")
        self.closing, self.tag, self.state = bool(match[1]), match[2], "tag"
        if self.tag in ("script", "style"):
            self.mistake(line, f"<{self.tag}>: pages have neither script nor styles of their own")
        return match.end()

    def in_tag(self, rest, line):
        match = re.match(r"\s+", rest)
        if match:
            return match.end()
        match = re.match(r"(/?)>", rest)
        if match:
            self.end_tag(line, bool(match[1]))
            return match.end()
        match = re.match(r'([a-zA-Z][a-zA-Z0-9:-]*)(="?)?', rest)
        if not match:
            self.mistake(line, f"`{rest.split()[0][:20]}` inside a tag; attributes stand in double quotes")
        if match[2] == "=":
            self.mistake(line, f"the value of {match[1]} is not in double quotes")
        name = match[1].lower()
        if name.startswith("on") or name == "style":
            self.mistake(line, f"attribute {name}: pages have neither script nor styles of their own")
        if match[2]:
            self.state, self.attribute, self.value, self.whole = "attribute", name, "", True
        return match.end()

    def place(self, line, what):
        """Where a value would land; refuses where none may."""
        if self.state == "tag":
            self.mistake(line, f"{what} outside quotes inside a tag")
        if self.state == "comment":
            self.mistake(line, f"{what} in a comment")
        if self.state == "attribute":
            self.whole = False
            if self.attribute in ADDRESSES:
                place = "address" if self.value == "" else "inside-address"
            else:
                place = "attribute"
            self.value += "\0"
            return place
        return "verbatim" if self.open and self.open[-1][0] in ("textarea", "title", "option") else "content"


class Reader:
    """Builds the tree of nodes from the pieces of a template."""

    def __init__(self, template, source, first_line, known_classes):
        self.template, self.html = template, Html(template, known_classes)
        self.pieces, self.line = list(self.cut(source, first_line)), first_line
        self.at = 0

    def cut(self, source, line):
        """(kind, text, line): html, value or tag; a tag alone on its line takes the line with it."""
        at = 0
        for match in PIECE.finditer(source):
            before = source[at:match.start()]
            end = match.end()
            if match[2] is not None:
                alone = re.search(r"(^|\n)[ \t]*$", before) if before or at == 0 or source[at - 1] == "\n" else None
                newline = re.match(r"[ \t]*(\n|$)", source[end:])
                if alone and newline:
                    before = before.rstrip(" \t")
                    end += newline.end()
            if before:
                yield "html", before, line
            here = line + source[at:match.start()].count("\n")
            yield ("value", match[1].strip(), here) if match[1] is not None else ("tag", match[2].strip(), here)
            line += source[at:end].count("\n")
            at = end
        if source[at:]:
            yield "html", source[at:], line

    def mistake(self, line, what):
        raise Mistake(self.template.path, line, what)

    def read_all(self):
        body, ended, line = self.read_body(("",))
        if ended:
            self.mistake(line, f"`{{% {ended} %}}` without a beginning")
        if self.html.open:
            self.mistake(self.html.open[-1][1], f"<{self.html.open[-1][0]}> is not closed")
        return body

    def read_body(self, ends):
        nodes = []
        while self.at < len(self.pieces):
            kind, text, line = self.pieces[self.at]
            self.at += 1
            if kind == "html":
                stray = re.search(r"\{[{%]|[%}]\}", text)
                if stray:
                    self.mistake(line + text[:stray.start()].count("\n"), f"a stray `{stray[0]}`")
                self.html.feed(text, line)
                nodes.append(Node("html", line, text))
            elif kind == "value":
                nodes.append(self.read_value(text, line))
            elif text in ("end", "else"):
                return nodes, text, line
            else:
                nodes.append(self.read_tag(text, line))
        return nodes, "", 0

    def read_value(self, text, line):
        place = self.html.place(line, f"`{{{{{text}}}}}`")
        words = text.split()
        if words and words[0] == "t":
            if len(words) < 2:
                self.mistake(line, "{{t}} of which text?")
            if "address" in place:
                self.mistake(line, "a text in an address")
            return Node("say", line, words[1], arguments=self.read_arguments(" ".join(words[2:]), line), place=place)
        if len(words) != 1:
            self.mistake(line, f"`{{{{{text}}}}}` is no value")
        return Node("value", line, path=text.split("."), place=place)

    def read_arguments(self, text, line):
        found = []
        while text.strip():
            match = re.match(r'\s*([a-z][a-z0-9_-]*)=("[^"]*"|[^\s"]+)', text)
            if not match:
                self.mistake(line, f"`{text.strip()}`: an argument is name=value")
            if match[1] in [name for name, _ in found]:
                self.mistake(line, f"argument {match[1]} is given twice")
            found.append((match[1], match[2]))
            text = text[match.end():]
        return found

    def read_condition(self, words, line):
        terms, joint, negated, wanted = [], None, False, True
        for word in words:
            if word == "not" and wanted:
                negated = not negated
            elif word in ("and", "or") and not wanted:
                if joint and joint != word:
                    self.mistake(line, "`and` and `or` in one condition")
                joint, wanted = word, True
            elif wanted:
                terms.append((negated, word.split(".")))
                negated, wanted = False, False
            else:
                self.mistake(line, f"`{word}` in a condition")
        if wanted:
            self.mistake(line, "a condition without an end")
        return terms, joint or "and"

    def read_tag(self, text, line):
        words = text.split()
        verb = words[0] if words else ""
        if verb == "if":
            terms, joint = self.read_condition(words[1:], line)
            return self.read_block(Node("if", line, condition=terms, joint=joint), True)
        if verb == "for":
            if len(words) != 4 or words[2] != "in" or not NAME.match(words[1]) or words[1] in RESERVED:
                self.mistake(line, "a loop is `{% for row in rows %}`")
            return self.read_block(Node("for", line, words[1], path=words[3].split(".")), False)
        if verb in ("part", "within"):
            if len(words) < 2:
                self.mistake(line, f"{verb} which template?")
            arguments = self.read_arguments(text.split(None, 2)[2] if len(words) > 2 else "", line)
            self.must_be_content(line, verb)
            node = Node(verb, line, words[1], arguments=arguments)
            return self.read_block(node, False) if verb == "within" else node
        if verb == "put" and len(words) == 2:
            self.must_be_content(line, verb)
            return Node("put", line, path=words[1].split("."))
        if text == "content":
            self.must_be_content(line, text)
            self.template.is_layout = True
            return Node("content", line)
        return self.mistake(line, f"`{{% {text} %}}` is no tag{near(verb, ['if', 'for', 'put', 'part', 'within', 'content', 'end', 'else'])}")

    def must_be_content(self, line, what):
        if self.html.state != "content":
            self.mistake(line, f"`{what}` inside a tag")

    def read_block(self, node, may_have_other):
        before, ids = self.html.snapshot(), dict(self.html.ids)
        self.html.loops += node.kind == "for"
        so_far = self.html.split_value()
        node.body, ended, line = self.read_body(("end", "else"))
        self.must_be_same(before, node)
        if ended == "else":
            if not may_have_other:
                self.mistake(line, f"`else` in a `{node.kind}`")
            first, self.html.ids = self.html.ids, ids
            value, self.html.value = self.html.value, so_far
            node.other, ended, line = self.read_body(("end",))
            self.html.ids = {**first, **self.html.ids}
            self.html.value = f"{value} {self.html.value}"
            self.must_be_same(before, node)
        if ended != "end":
            self.mistake(node.line, f"`{node.kind}` is not ended")
        self.html.loops -= node.kind == "for"
        return node

    def must_be_same(self, before, node):
        if self.html.snapshot() != before:
            open_now = [tag for tag, _ in self.html.open]
            self.mistake(node.line, f"what stands in this `{node.kind}` is not closed in it, or closes too much"
                         f" (open: {', '.join(open_now) or 'nothing'})")


def read(name, path, source, known_classes):
    lines = source.split("\n")
    fields, records, comment, end = read_declarations(path, lines)
    template = Template(name, path, fields, records, comment, classes=[])
    template.body = Reader(template, "\n".join(lines[end:]), end + 1, known_classes).read_all()
    return template
