// Reads a calendar with ical.js in strict mode; prints its events as the other readers do.
// node read_icaljs.cjs FILE FOLDER-OF-NODE-MODULES
"use strict";
const fs = require("fs");
const path = require("path");

const ICAL = require(path.resolve(process.argv[3], "ical.js/dist/ical.es5.cjs"));
ICAL.design.strict = true;

const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(process.argv[2], "utf8")));
// Only what the calendar itself says of its zones is believed.
ICAL.TimezoneService.reset();
for (const zone of calendar.getAllSubcomponents("vtimezone"))
	ICAL.TimezoneService.register(new ICAL.Timezone(zone));

const two = (number) => String(number).padStart(2, "0");

function when(time) {
	if (time.isDate)
		return time.toString();
	if (time.zone === ICAL.Timezone.localTimezone)
		throw new Error("a floating time");
	const offset = time.utcOffset();
	const minutes = Math.abs(offset) / 60;
	return time.toString().replace("Z", "") + (offset < 0 ? "-" : "+") +
		two(Math.floor(minutes / 60)) + ":" + two(minutes % 60);
}

const events = calendar.getAllSubcomponents("vevent").map((component) => {
	const event = new ICAL.Event(component, { strictExceptions: true });
	if (event.isRecurring())
		throw new Error("a recurring event");
	return {
		uid: event.uid,
		start: when(event.startDate),
		end: when(event.endDate),
		status: component.getFirstPropertyValue("status"),
		summary: event.summary,
		sequence: event.sequence,
	};
});
process.stdout.write(JSON.stringify(events));
