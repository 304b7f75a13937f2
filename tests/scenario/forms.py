"""Signed-in staff at a ward's pages, over HTTP: opens pages, fills in their forms and sends them as a browser
without scripts would.

    nurse = Staff(ward, "ann", "--role", "ward", "--ward", "kingsley")
    nurse.page("/s/patients")                                       # an Answer
    nurse.send("/s/patients/P01/hold", "patient hold", why="...")   # what came of it
    nurse.does("/s/patients/P01/hold", "patient hold", why="...")   # and says yes where it is asked: 303
"""
import html
import re
from urllib.parse import urlencode

from wardround import equal

COOKIE = "__Host-wardround"


def controls(form):
    """[(name, value)] that a browser would send of this form if nobody touched it."""
    fields = []
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and ('type="radio"' not in tag and 'type="checkbox"' not in tag or " checked" in tag):
            fields.append((name[1], html.unescape(value[1]) if value else ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(r'<option value="([^"]*)"', options)
        if chosen:
            fields.append((name, html.unescape(chosen[1])))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        fields.append((name, html.unescape(value)))
    return fields


class Staff:
    def __init__(self, ward, name, *words):
        self.ward = ward
        address = ward.ctl("staff", "add", name, *words)["address"].removeprefix(ward.public)
        ward.secrets.append(address.split("/")[-1])
        answer = ward.fetch(address, method="POST", headers={"Sec-Fetch-Site": "same-origin"})
        equal(answer.status, 303, answer)
        cookie = re.match(rf"{COOKIE}=([^;]+)", answer.headers["set-cookie"])[1]
        ward.secrets.append(cookie)
        self.headers = {"Cookie": f"{COOKIE}={cookie}"}

    def page(self, path, status=200):
        answer = self.ward.fetch(path, headers=self.headers)
        equal(answer.status, status, (path, answer))
        return answer

    def says(self, path):
        return words_of(self.page(path))

    def post(self, address, fields):
        return self.ward.fetch(address, method="POST", body=urlencode(fields), headers={
            **self.headers, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"})

    def send(self, page, verb, nth=0, **values):
        """The nth form for this verb on a page (its address, or the Answer that it is)."""
        address = "/s/do/" + verb.replace(" ", "/")
        text = self.page(page).text if isinstance(page, str) else page.text
        forms = re.findall(rf'<form[^>]*action="{address}".*?</form>', text, re.S)
        assert len(forms) > nth, (page, verb, text[-3000:])
        kept = [(name, value) for name, value in controls(forms[nth]) if name not in values]
        return self.post(address, kept + [(name, value) for name, value in values.items() if value is not None])

    def does(self, page, verb, nth=0, asked=None, **values):
        """Sends it, says yes when it is asked (`asked` has to stand there then), and it is done."""
        answer = self.send(page, verb, nth, **values)
        if asked is not None:
            equal(answer.status, 200, words_of(answer))
            assert asked in words_of(answer), (asked, words_of(answer))
            answer = self.send(answer, verb, **({"reason": "clinic"} if 'id="reason"' in answer.text else {}))
        equal(answer.status, 303, words_of(answer))
        return answer.headers["location"]

    def refused(self, page, verb, nth=0, **values):
        """The words of the refusal, at the top of the form that came back."""
        answer = self.send(page, verb, nth, **values)
        equal(answer.status, 422, words_of(answer))
        return words_of(answer)


def words_of(answer):
    """What can be read of a page below its head."""
    text = re.sub(r"<[^>]+>", " ", answer.text[answer.text.find("<main"):])
    return html.unescape(re.sub(r"\s+", " ", text)).strip()
