/*
 * An address is judged three times: as a literal in the URL, when a socket is opened (after name
 * resolution, whatever the spelling was), and before a request goes over a connection that was kept
 * from an earlier one. With a proxy the first is all that can be judged here, and the names that
 * stand for this machine everywhere.
 */
#include "send/transfer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

static void fail(
    struct wr_delivery *delivery, enum wr_notice_transport transport, const char *error)
{
	delivery->result.transport = transport;
	snprintf(delivery->result.error, sizeof(delivery->result.error), "%s", error);
}

/* ---- addresses ---- */

static bool may_connect(const struct wr_delivery *delivery, const struct wr_ip *ip)
{
	return !wr_address_is_special(ip->bytes, sizeof(ip->bytes)) ||
	       wr_network_any(delivery->allowed, delivery->n_allowed, *ip);
}

static bool read_socket_address(const struct curl_sockaddr *address, struct wr_ip *ret_ip)
{
	if (address->family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, &address->addr, sizeof(in));
		uint8_t octets[4];
		memcpy(octets, &in.sin_addr, sizeof(octets));
		*ret_ip = wr_ip_from_v4(octets);
		return true;
	}
	if (address->family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, &address->addr, sizeof(in6));
		memcpy(ret_ip->bytes, &in6.sin6_addr, sizeof(ret_ip->bytes));
		return true;
	}
	return false;
}

static curl_socket_t on_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct wr_delivery *delivery = data;
	struct wr_ip ip;
	bool fine = purpose == CURLSOCKTYPE_IPCXN && read_socket_address(address, &ip) &&
	            (!wr_text_empty(delivery->proxy) || may_connect(delivery, &ip));
	if (!fine) {
		delivery->forbidden = true;
		return CURL_SOCKET_BAD;
	}
	delivery->opened = true;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int on_before_request(void *data, char *peer, char *local, int peer_port, int local_port)
{
	struct wr_delivery *delivery = data;
	struct wr_ip ip;
	(void)local;
	(void)peer_port;
	(void)local_port;
	bool fine = !wr_text_empty(delivery->proxy) ||
	            (wr_ip_parse(peer, strcspn(peer, "%"), &ip) && may_connect(delivery, &ip));
	if (fine && delivery->once && delivery->result.begun)
		return CURL_PREREQFUNC_ABORT; /* the kept connection broke: it may have arrived */
	if (fine) {
		delivery->result.begun = true;
		return CURL_PREREQFUNC_OK;
	}
	delivery->forbidden = true;
	delivery->opened = false;
	return CURL_PREREQFUNC_ABORT;
}

/* ---- what comes back ---- */

static void keep_retry_after(struct wr_delivery *delivery, const char *bytes, size_t length)
{
	static const char name[] = "retry-after:";
	const size_t skip = sizeof(name) - 1;
	if (length <= skip || strncasecmp(bytes, name, skip) != 0)
		return;
	snprintf(delivery->retry_after, sizeof(delivery->retry_after), "%.*s", (int)(length - skip),
	    bytes + skip);
}

static size_t on_header(char *bytes, size_t size, size_t n, void *data)
{
	struct wr_delivery *delivery = data;
	long status = 0;
	delivery->header_bytes += size * n;
	if (delivery->header_bytes > WR_SEND_HEADER_LIMIT)
		return 0;
	keep_retry_after(delivery, bytes, size * n);
	if (size * n > 2)
		return size * n;
	curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200)
		delivery->has_headers = true;
	return size * n;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *data)
{
	struct wr_delivery *delivery = data;
	delivery->body_bytes += size * n;
	if (delivery->body_bytes > WR_SEND_BODY_LIMIT)
		return 0;
	if (delivery->keeps)
		wr_buf_append(&delivery->answer, bytes, size * n);
	return size * n;
}

static enum wr_notice_transport transport_of(CURLcode code)
{
	/* Of curl's hundred codes these are the ones that say something else than "unreached". */
	if (code == CURLE_OPERATION_TIMEDOUT)
		return WR_NOTICE_TIMED_OUT;
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return WR_NOTICE_BAD_ADDRESS;
	return WR_NOTICE_UNREACHED;
}

/* With the head of an answer complete its status stands, however the body ended. */
void transfer_judge(struct wr_delivery *delivery, CURLcode code)
{
	struct wr_send_result *result = &delivery->result;
	result->took_ms = uv_now(delivery->send->loop) - delivery->started_at;
	if (delivery->has_headers) {
		long status = 0;
		curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &status);
		result->transport = WR_NOTICE_ANSWERED;
		result->status = (int)status;
		result->retry_after = wr_notice_retry_after(delivery->retry_after, delivery->now);
		return;
	}
	if (delivery->forbidden && !delivery->opened)
		fail(delivery, WR_NOTICE_FORBIDDEN,
		    "its address is in a special range; name it in allow-networks");
	else if (delivery->header_bytes > WR_SEND_HEADER_LIMIT)
		fail(delivery, WR_NOTICE_UNREACHED, "the answer's headers are too long");
	else if (code == CURLE_OK) /* curl takes a head that breaks off for one that ends */
		fail(delivery, WR_NOTICE_UNREACHED, "the answer broke off");
	else
		fail(delivery, transport_of(code), curl_easy_strerror(code));
}

/* ---- before it goes ---- */

static bool is_this_machine(const char *name)
{
	static const char local[] = "localhost";
	size_t length = strlen(name), n = sizeof(local) - 1;
	if (length > 0 && name[length - 1] == '.')
		length--;
	return length >= n && strncasecmp(name + length - n, local, n) == 0 &&
	       (length == n || name[length - n - 1] == '.');
}

static void read_host(struct transfer_target *target, const char *host)
{
	static const uint8_t loopback[4] = {127, 0, 0, 1};
	size_t length = strlen(host);
	if (length > 2 && host[0] == '[') {
		host++;
		length = strcspn(host, "%]");
	}
	target->literal = wr_ip_parse(host, length, &target->ip);
	target->local = !target->literal && is_this_machine(host);
	if (target->local)
		target->ip = wr_ip_from_v4(loopback);
}

static void read_url(struct transfer_target *target)
{
	char *scheme = NULL, *host = NULL;
	CURLU *url = curl_url();
	if (!url)
		wr_out_of_memory();
	CURLUcode bad = curl_url_set(url, CURLUPART_URL, target->url, CURLU_DISALLOW_USER);
	if (!bad)
		bad = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
	if (!bad)
		bad = curl_url_get(url, CURLUPART_HOST, &host, 0);
	if (bad)
		target->wrong = curl_url_strerror(bad);
	else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		target->wrong = "neither http nor https";
	else
		read_host(target, host);
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(url);
}

void transfer_free_target(struct transfer_target *target)
{
	free(target->url);
	*target = (struct transfer_target){0};
}

void transfer_read_target(struct transfer_target *target, const char *url)
{
	if (target->url && wr_text_equal(target->url, url ? url : ""))
		return;
	transfer_free_target(target);
	target->url = wr_strdup(url ? url : "");
	read_url(target);
}

bool transfer_may_go(struct wr_delivery *delivery, const struct transfer_target *target)
{
	bool hidden = target->local && !wr_text_empty(delivery->proxy);
	if (target->wrong)
		fail(delivery, WR_NOTICE_BAD_ADDRESS, target->wrong);
	else if ((target->literal || hidden) && !may_connect(delivery, &target->ip))
		fail(delivery, WR_NOTICE_FORBIDDEN,
		    "its address is in a special range; name it in allow-networks");
	else
		return true;
	return false;
}

static struct curl_slist *header_list(const struct wr_delivery *delivery)
{
	/* No 100-continue: a gateway that ignores it would cost a second each time. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	for (const char *const *header = delivery->headers; list && header && *header; header++) {
		struct curl_slist *longer = curl_slist_append(list, *header);
		if (!longer)
			curl_slist_free_all(list);
		list = longer;
	}
	return list;
}

/* The protocols, and everything that curl would do by itself and must not: the same for all. */
static void set_limits(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "wardround");
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_before_request);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
}

static void set_delivery(struct wr_delivery *delivery)
{
	CURL *easy = delivery->easy;
	uint64_t timeout = delivery->timeout_ms ? delivery->timeout_ms : WR_NOTICE_TRY_MS;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, delivery);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, delivery);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, delivery);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, delivery);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, delivery);
	curl_easy_setopt(easy, CURLOPT_URL, delivery->url);
	curl_easy_setopt(easy, CURLOPT_PROXY, delivery->proxy ? delivery->proxy : "");
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, delivery->list);
	if (delivery->asks) {
		curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)delivery->length);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, delivery->length ? delivery->body : "");
}

static CURL *new_handle(struct wr_send *send)
{
	if (send->n_spare > 0)
		return send->spare[--send->n_spare];
	CURL *easy = curl_easy_init();
	if (easy)
		set_limits(easy);
	return easy;
}

bool transfer_open(struct wr_delivery *delivery)
{
	delivery->header_bytes = delivery->body_bytes = 0;
	delivery->forbidden = delivery->opened = delivery->has_headers = false;
	delivery->retry_after[0] = '\0';
	delivery->easy = new_handle(delivery->send);
	delivery->list = header_list(delivery);
	if (!delivery->easy || !delivery->list) {
		transfer_close(delivery);
		return false;
	}
	set_delivery(delivery);
	return true;
}

void transfer_close(struct wr_delivery *delivery)
{
	struct wr_send *send = delivery->send;
	if (delivery->easy && send->n_spare < WR_SEND_SPARE)
		send->spare[send->n_spare++] = delivery->easy;
	else
		curl_easy_cleanup(delivery->easy);
	curl_slist_free_all(delivery->list);
	delivery->easy = NULL;
	delivery->list = NULL;
}

void transfer_drop_spare(struct wr_send *send)
{
	while (send->n_spare > 0)
		curl_easy_cleanup(send->spare[--send->n_spare]);
}
