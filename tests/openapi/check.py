"""Whether answers of the control socket are as daemon/desk/openapi.yaml describes them.

    check.py FILE...    each line of a file is {"method","path","status","answer"}; prints TAP
    from check import Description; Description().mistakes("GET", "/v1/slot/list", 200, answer)

Objects that name their properties and say nothing of others may have more (2.3: more keys are
fine); with strict=True a key that is not described is a mistake too, so that the description
doesn't fall behind.
"""
import json
import os
import sys

import jsonschema
import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILE = os.path.join(ROOT, "daemon", "desk", "openapi.yaml")
METHODS = ("get", "post", "put", "patch", "delete", "head")


class Description:
    def __init__(self, path=FILE):
        with open(path, encoding="utf-8") as file:
            self.document = yaml.safe_load(file)

    def look_up(self, node):
        """What a $ref leads to."""
        while isinstance(node, dict) and "$ref" in node:
            target = self.document
            for name in node["$ref"].removeprefix("#/").split("/"):
                target = target[name.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def routes(self):
        return {(method.upper(), path) for path, item in self.document["paths"].items()
                for method in item if method in METHODS}

    def own_mistakes(self):
        """References that lead nowhere, schemas that are none, operations without an answer."""
        found = []

        def walk(node, where):
            if isinstance(node, dict):
                if "$ref" in node:
                    try:
                        self.look_up(node)
                    except (KeyError, TypeError):
                        found.append(f"{where}: {node['$ref']} is not there")
                for key, value in node.items():
                    walk(value, f"{where}/{key}")
            elif isinstance(node, list):
                for at, value in enumerate(node):
                    walk(value, f"{where}/{at}")

        walk(self.document, "#")
        for name, schema in self.document.get("components", {}).get("schemas", {}).items():
            try:
                jsonschema.Draft202012Validator.check_schema(schema)
            except jsonschema.SchemaError as error:
                found.append(f"{name}: {error.message}")
        seen = set()
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                if method not in METHODS:
                    continue
                where = f"{method.upper()} {path}"
                if not operation.get("responses", {}).get("200"):
                    found.append(f"{where}: no answer described")
                if operation.get("operationId") in seen or not operation.get("operationId"):
                    found.append(f"{where}: needs an operationId of its own")
                seen.add(operation.get("operationId"))
        return found

    def schema(self, method, path, status):
        operation = self.document["paths"].get(path, {}).get(method.lower())
        if not operation:
            return None
        responses = operation["responses"]
        answer = self.look_up(responses.get(str(status)) or responses.get("default") or {})
        return answer.get("content", {}).get("application/json", {}).get("schema")

    def mistakes(self, method, path, status, answer, strict=False):
        path = path.split("?")[0]
        schema = self.schema(method, path, status)
        if schema is None:
            return [f"{method} {path} {status} is not described"]
        resolver = jsonschema.RefResolver("", self.document)
        validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
        found = [f"{method} {path} {status}: {'/'.join(map(str, error.absolute_path)) or 'answer'}:"
                 f" {error.message[:200]}" for error in validator.iter_errors(answer)]
        if strict:
            found += sorted({f"{method} {path} {status}: {where} is not described"
                             for where in self.undescribed(schema, answer, "answer")})
        return found

    def parts(self, schema):
        """The schema and all that are joined to it."""
        schema = self.look_up(schema)
        found = [schema]
        for join in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(join, ()):
                found += self.parts(part)
        return found

    def undescribed(self, schema, value, where):
        parts = self.parts(schema)
        if isinstance(value, dict):
            known, rest, says = {}, [], False
            for part in parts:
                says |= "properties" in part
                for name, inner in part.get("properties", {}).items():
                    known.setdefault(name, []).append(inner)
                if isinstance(part.get("additionalProperties"), dict):
                    rest.append(part["additionalProperties"])
            if not says:
                return
            for name, inner in value.items():
                schemas = known.get(name) or rest
                if not schemas:
                    yield f"{where}.{name}"
                for each in schemas:
                    yield from self.undescribed(each, inner, f"{where}.{name}")
        elif isinstance(value, list):
            for part in parts:
                if "items" in part:
                    for inner in value:
                        yield from self.undescribed(part["items"], inner, f"{where}[]")


def main(files):
    description = Description()
    count = bad = 0
    cases = [("the description is sound", description.own_mistakes())]
    for name in files:
        with open(name, encoding="utf-8") as file:
            for line in file:
                asked = json.loads(line)
                cases.append((f"{asked['method']} {asked['path']} answers as described", sorted(set(
                    description.mistakes(asked["method"], asked["path"], asked["status"],
                                         asked["answer"], strict=True)))))
    for name, mistakes in cases:
        count += 1
        bad += bool(mistakes)
        print(f"{'not ok' if mistakes else 'ok'} {count} - {name}")
        for mistake in mistakes:
            print(f"# {mistake}")
    print(f"1..{count}")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
