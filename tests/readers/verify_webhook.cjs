// verify_webhook.cjs MODULES: one JSON object a line on stdin, one answer a line on stdout.
//   {"secret","headers":{"webhook-id",..},"body","now"?} -> true or false, by Standard Webhooks' own
//   library; now: seconds since the epoch, where the sender's clock is not this one's
//   {"sign":true,"secret","id","body"} -> {"timestamp","signature"}
const path = require("path");
const { Webhook } = require(path.join(process.argv[2], "standardwebhooks"));
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
const clock = Date.now;

function verify({ secret, headers, body, now }) {
	Date.now = now ? () => now * 1000 : clock;
	try {
		new Webhook(secret).verify(body, headers);
		return true;
	} catch (error) {
		return false;
	} finally {
		Date.now = clock;
	}
}

function sign({ secret, id, body }) {
	const now = new Date();
	const timestamp = Math.floor(now.getTime() / 1000);
	return { timestamp, signature: new Webhook(secret).sign(id, now, body) };
}

for (const line of lines) {
	const asked = JSON.parse(line);
	console.log(JSON.stringify(asked.sign ? sign(asked) : verify(asked)));
}
