#!/usr/bin/env python3
"""The planner's cost against CBC's and GLPK's on seeded wards; against brute force on tiny ones.

usage: oracle.py PLAN_FILE COUNT [FIRST_SEED [SECONDS]]

Other solvers get the file that --lp writes. Their objective is recomputed in integers from the
variables they set, since they are only right to their tolerance: GLPK stops at 1e-7 of the cost
and may return a plan that is dearer by that much, never a cheaper one. A run that reaches its time limit
(default 60 s) is counted, not compared. Tiny wards are also solved by trying everything, straight
from the definition. Exit 0: all equal.
"""
import itertools, json, os, re, subprocess, sys, tempfile


def run(*command, limit=600):
    """What the command printed; nothing when it did not heed its own time limit."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "")


def lp_costs(path):
    text = open(path).read().split("Subject To")[0].split("cost:")[1]
    costs = {}
    for sign, number, name in re.findall(r"([+-])\s+(\d+) (\w+)", text):
        costs[name] = int(sign + number)
    return costs


def cbc(path, seconds):
    out = path + ".cbc"
    result = run("cbc", path, "-ratioGap", "0", "-allowableGap", "0", "-integerTolerance", "1e-9",
                 "-sec", str(seconds), "-solve", "-solu", out, limit=seconds + 60)
    if "Optimal solution found" not in result.stdout and \
       "Optimal - objective value" not in result.stdout:
        return None
    costs, total = lp_costs(path), 0
    for line in open(out).readlines()[1:]:
        fields = line.replace("**", "").split()
        total += costs.get(fields[1], 0) * round(float(fields[2]))
    return total


def glpk(path, seconds):
    out = path + ".glpk"
    run("glpsol", "--lp", path, "--tmlim", str(seconds), "-w", out,
        limit=seconds + 60)
    if not os.path.exists(out):
        return None
    total, status = 0, None
    costs = lp_costs(path)
    order = list(dict.fromkeys(re.findall(r"\b[xy]\d+\b", re.sub(r"\\.*", "", open(path).read()))))
    for line in open(out):
        fields = line.split()
        if fields[:2] == ["s", "mip"]:
            status = fields[4]
        if fields and fields[0] == "j":
            total += costs.get(order[int(fields[1]) - 1], 0) * round(float(fields[2]))
    return total if status == "o" else None


# ---- brute force, straight from the definition ----

def meets(spans, a, b):
    return any(f < b and a < t for f, t in spans)


def can(person, a, b):
    if meets(person.get("away", []), a, b):
        return False
    if "free" not in person:
        return True
    return all(any(f <= m < t for f, t in person["free"]) for m in range(a, b))


def places(instance, patient):
    w = {"unplaced": 1000000, "required": 100000, "cover": 400, "other_day": 100, "late_day": 60,
         "usual_day": 30, "usual_near": 10, "usual_far": 20, "prefer": 15,
         **instance.get("weights", {})}
    slots, out = patient.get("slots", 1), []
    fixed = patient.get("fixed")
    if not fixed:
        out.append((None, None, (), w["unplaced"] * patient.get("priority", 1) * slots))
    sessions = {s["id"]: s for s in instance["sessions"]}
    for s in instance["sessions"]:
        if s["ward"] != patient["ward"] or \
           s["consultant"] not in [patient["consultant"]] + patient.get("cover", []):
            continue
        for c in range(len(s["starts"]) - slots + 1):
            starts = s["starts"][c:c + slots]
            if any(y - x != s["cell"] for x, y in zip(starts, starts[1:])):
                continue
            a, b = starts[0], starts[-1] + s["cell"]
            if fixed:
                if (fixed["session"], fixed["cell"]) != (s["id"], c):
                    continue
            elif meets(patient.get("away", []), a, b) or a < patient.get("not_before", 0) or \
                    b > patient.get("not_after", 10080) or (
                    not patient.get("new") and set(s.get("kept", [])) & set(range(c, c + slots))):
                continue
            cost = 0 if s["consultant"] == patient["consultant"] else w["cover"]
            published = patient.get("published")
            if published and (published["session"], published["cell"]) != (s["id"], c):
                cost += published["move"]
                old = sessions.get(published["session"])
                if old and 0 <= published["cell"] < len(old["starts"]) and \
                   old["starts"][published["cell"]] // 1440 != a // 1440:
                    cost += w["other_day"]
            if "due" in patient and a > patient["due"]:
                cost += w["late_day"] * -(-(a - patient["due"]) // 1440)
            if "usual" in patient:
                cost += 0 if a // 1440 == patient["usual"]["day"] else w["usual_day"]
                apart = abs(a % 1440 - patient["usual"]["minute"])
                cost += 0 if apart < 15 else w["usual_near"] if apart < 60 else w["usual_far"]
            afternoon = a % 1440 >= 720
            if patient.get("prefers") == ("morning" if afternoon else "afternoon"):
                cost += w["prefer"]
            cost += (1 + patient.get("turn", 0)) * c
            out.append((s["id"], c, tuple(range(c, c + slots)), cost, a, b))
    return out, w


def attendance(instance, patients, chosen, w):
    """Least weight of the absent: for each person, every set of slots without overlaps."""
    wanted, cost = {}, 0
    persons = {p["id"]: p for p in instance["persons"]}
    for patient, place in zip(patients, chosen):
        if place[0] is None:
            continue
        for support in patient.get("supports", []):
            weight = w["required"] if support.get("required") else support.get("weight", 1000)
            if can(persons[support["person"]], place[4], place[5]):
                wanted.setdefault(support["person"], []).append((place[4], place[5], weight))
            else:
                cost += weight
    for slots in wanted.values():
        best = 0
        for pick in itertools.product((0, 1), repeat=len(slots)):
            taken = [s for s, p in zip(slots, pick) if p]
            if all(x[1] <= y[0] or y[1] <= x[0] for x, y in itertools.combinations(taken, 2)):
                best = max(best, sum(s[2] for s in taken))
        cost += sum(s[2] for s in slots) - best
    return cost


def brute(instance):
    patients = instance["patients"]
    lists = []
    for patient in patients:
        out, w = places(instance, patient)
        lists.append(out)
    best = [None]

    def walk(i, taken, chosen, cost):
        if best[0] is not None and cost >= best[0]:
            return
        if i == len(patients):
            total = cost + attendance(instance, patients, chosen, w)
            if best[0] is None or total < best[0]:
                best[0] = total
            return
        for place in sorted(lists[i], key=lambda p: p[3]):
            cells = {(place[0], c) for c in place[2]}
            if not cells & taken:
                walk(i + 1, taken | cells, chosen + [place], cost + place[3])

    walk(0, frozenset(), [], 0)
    return best[0]


def solve(program, path, lp, seconds):
    # a limit of its own, so that the search ends with a proof; within the usual one if that takes too long
    result = run(program, "solve", path, "--lp", lp, "--nodes", "1000000", limit=seconds + 60)
    if not result.stdout:
        result = run(program, "solve", path, "--lp", lp)
    if result.returncode:
        sys.exit(f"{path}: exit {result.returncode}: {result.stderr}")
    return json.loads(result.stdout)


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 60
    wrong = unproved = 0
    compared = {"cbc": 0, "glpk": 0, "brute": 0}
    with tempfile.TemporaryDirectory() as folder:
        path, lp = os.path.join(folder, "ward.json"), os.path.join(folder, "ward.lp")
        for seed in range(first, first + count):
            for kind in ("ward", "tiny"):
                open(path, "w").write(run(program, kind, str(seed)).stdout)
                plan = solve(program, path, lp, seconds)
                if plan["status"] != "optimal":
                    unproved += 1
                    print(f"{kind} {seed}: not proved: {plan['cost']} >= {plan['bound']}")
                peers = {"cbc": cbc(lp, seconds), "glpk": glpk(lp, seconds)}
                if kind == "tiny":
                    peers["brute"] = brute(json.load(open(path)))
                for name, cost in peers.items():
                    compared[name] += cost is not None
                    low = plan["bound"] if plan["status"] != "optimal" else plan["cost"]
                    high = plan["cost"] + (plan["cost"] // 10 ** 7 + 1 if name == "glpk" else 0)
                    if cost is not None and not low <= cost <= high:
                        wrong += 1
                        print(f"{kind} {seed}: ours {plan['cost']}, {name} {cost}")
            if (seed - first) % 50 == 49:
                print(f"seed {seed}: {wrong} differ, {unproved} not proved", flush=True)
    print(f"{2 * count} wards: {wrong} differ, {unproved} not proved; compared with " +
          ", ".join(f"{name} {n}" for name, n in compared.items()))
    sys.exit(1 if wrong or unproved else 0)


main()
