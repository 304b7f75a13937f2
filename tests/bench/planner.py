#!/usr/bin/env python3
"""The planner against CBC and GLPK on the same instances in the same run. No pass or fail.

usage: planner.py PLAN_FILE [--seeds N] [--first SEED] [--peers cbc,glpk] [--seconds S] [--only NAME]

CPU time, so that what else runs on the machine does not count: ours around the call; CBC's and GLPK's of
the process, reading the file included (a few ms), since they report hundredths and tenths of a second. A
peer that reaches its limit counts with what it used, so its figures are then lower bounds.
"""
import argparse, json, os, re, resource, statistics, subprocess, sys, tempfile

#            name              patients fullness grid shared wards nodes seeds(share)
FAMILIES = [("ward-week, 25 patients, 25 min", "25", "-", "25", "-", "1", None, 1),
            ("ward-week, 25 patients, 20 min", "25", "-", "20", "-", "1", None, 1),
            ("ward-week, 25 patients, 15 min", "25", "-", "15", "-", "1", None, 1),
            ("15 to 60 patients, 15 to 25 min", "-", "-", "M", "-", "1", None, 1),
            ("5-minute grid, 25 patients", "25", "-", "5", "-", "1", None, 0.3),
            ("100 patients, 4 wards", "25", "105", "25", "2", "4", None, 0.2),
            ("500 patients, 20 wards", "25", "105", "25", "2", "20", None, 0.03),
            ("2,500 patients, 100 wards", "25", "105", "25", "1", "100", None, 0.01)]


def run(*command, limit=900):
    return subprocess.run(command, capture_output=True, text=True, timeout=limit)


def timed(*command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = run(*command).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3, out


def cbc(lp, seconds):
    took, out = timed("cbc", lp, "-sec", str(seconds), "-ratioGap", "0", "-solve")
    return took, "Optimal solution found" in out or "Optimal - objective value" in out


def glpk(lp, seconds):
    took, out = timed("glpsol", "--lp", lp, "--tmlim", str(seconds))
    return took, "INTEGER OPTIMAL SOLUTION FOUND" in out


def spread(values):
    values = sorted(values)
    at = lambda share: values[min(len(values) - 1, int(share * len(values)))]
    return f"median {statistics.median(values):9.1f}  95 % {at(0.95):9.1f}  worst {values[-1]:9.1f} ms"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("plan_file")
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--peers", default="cbc,glpk")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    peers = {name: {"cbc": cbc, "glpk": glpk}[name] for name in options.peers.split(",") if name}
    grids = ["25", "20", "15"]
    with tempfile.TemporaryDirectory() as folder:
        ward, lp = os.path.join(folder, "ward.json"), os.path.join(folder, "ward.lp")
        for name, patients, fullness, grid, shared, wards, nodes, share in FAMILIES:
            if options.only not in name:
                continue
            own, gaps, kib, unproved = [], [], 0, 0
            worst_seed = 0
            theirs = {peer: [] for peer in peers}
            unfinished = {peer: 0 for peer in peers}
            for seed in range(options.first, options.first + max(1, int(options.seeds * share))):
                use = grids[seed % 3] if grid == "M" else grid
                text = run(options.plan_file, "ward", str(seed), patients, fullness, use, shared, wards).stdout
                open(ward, "w").write(text)
                command = [options.plan_file, "solve", ward, "--lp", lp]
                command += ["--nodes", nodes] if nodes else []
                os.environ["PLAN_MEMORY"] = "1"
                result = run(*command)
                plan = json.loads(result.stdout)
                own.append(plan["search"]["ms"])
                if own[-1] == max(own):
                    worst_seed = seed
                unproved += plan["status"] != "optimal"
                gaps.append(100.0 * (plan["cost"] - plan["bound"]) / max(1, plan["cost"]))
                kib = max(kib, int(re.search(r"(\d+) KiB", result.stderr)[1]))
                for peer, solve in peers.items():
                    took, done = solve(lp, options.seconds)
                    theirs[peer].append(took)
                    unfinished[peer] += not done
            print(f"{name} ({len(own)} wards)\n  own   {spread(own)}  not proved {unproved}, "
                  f"gap at most {max(gaps):.4f} %, memory {kib / 1024:.0f} MiB, worst seed {worst_seed}")
            for peer, took in theirs.items():
                slower = sum(a > b for a, b in zip(own, took))
                print(f"  {peer:5} {spread(took)}  x own: median "
                      f"{statistics.median(b / max(a, 0.05) for a, b in zip(own, took)):.1f}, worst/worst "
                      f"{max(took) / max(own):.1f}; own slower on {slower}, not finished {unfinished[peer]}")
            sys.stdout.flush()


main()
