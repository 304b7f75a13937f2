// verify_token.cjs MODULES: one JSON object a line on stdin, one answer a line on stdout.
//   {"token","key","issuer","now"} -> true or false, by the library jose: HS256 alone, the key's text
//   as its bytes, the issuer, no older than thirty seconds and not from the future
const path = require("path");
const { jwtVerify } = require(path.join(process.argv[2], "jose"));
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);

async function verify({ token, key, issuer, now }) {
	const options = {
		algorithms: ["HS256"], issuer, typ: "JWT", maxTokenAge: 30, currentDate: new Date(now * 1000),
	};
	try {
		const { payload } = await jwtVerify(token, new TextEncoder().encode(key), options);
		return payload.iat <= now && Object.keys(payload).sort().join() === "iat,iss";
	} catch (error) {
		return false;
	}
}

(async () => {
	for (const line of lines)
		console.log(JSON.stringify(await verify(JSON.parse(line))));
})();
