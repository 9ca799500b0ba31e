"""Check article records (JSON Lines) against their contract: `python .ci/check_records.py RECORDS.jsonl`."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from contract import breaches


def main(path: str) -> int:
    records = [json.loads(line) for line in Path(path).read_text(encoding="utf8").split("\n") if line.strip()]
    found = [f"{record.get('id')}: {what}" for record in records for what in breaches(record)]
    for line in found:
        print(line)
    quotes = sum(len(record["quotes"]) for record in records)
    print(f"{len(records)} records with {quotes} quotations, {len(found)} breaches of the contract")
    return 1 if found or not quotes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
