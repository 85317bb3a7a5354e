"""The rules of all BUILD files, as `bazel query` tells them."""

import functools
import subprocess
import xml.etree.ElementTree


class Rule:
    def __init__(self, element):
        self.label = element.get("name")
        self.kind = element.get("class")
        self.inputs = [i.get("name") for i in element.iter("rule-input")]
        self.visibility = [
            label.get("value")
            for attribute in element.findall("list")
            if attribute.get("name") == "visibility"
            for label in attribute.iter("label")
        ]


def package(label):
    """//a/b:c -> a/b; None for labels of other repositories."""
    return label[2:].split(":")[0] if label.startswith("//") else None


def path(label):
    return label[2:].replace(":", "/").lstrip("/")


@functools.lru_cache(None)
def all_rules():
    done = subprocess.run(
        ["bazel", "query", "--noshow_progress", "--output=xml", "kind(rule, //...)"],
        check=True,
        stdout=subprocess.PIPE,
    )
    root = xml.etree.ElementTree.fromstring(done.stdout)
    return [Rule(element) for element in root.iter("rule")]
