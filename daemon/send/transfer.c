/*
 * An address is judged three times: as a literal in the URL, when a socket is opened (after name
 * resolution, whatever the spelling was), and before a request goes over a connection that was kept
 * from an earlier one. With a proxy the first is all that can be judged here.
 */
#include "send/transfer.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	if (!wr_text_empty(delivery->proxy))
		return CURL_PREREQFUNC_OK;
	if (wr_ip_parse(peer, strcspn(peer, "%"), &ip) && may_connect(delivery, &ip))
		return CURL_PREREQFUNC_OK;
	delivery->forbidden = true;
	delivery->opened = false;
	return CURL_PREREQFUNC_ABORT;
}

/* ---- what comes back ---- */

static size_t on_header(char *bytes, size_t size, size_t n, void *data)
{
	struct wr_delivery *delivery = data;
	long status = 0;
	(void)bytes;
	delivery->header_bytes += size * n;
	if (delivery->header_bytes > WR_SEND_HEADER_LIMIT)
		return 0;
	curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &status);
	if (size * n <= 2 && status >= 200)
		delivery->has_headers = true;
	return size * n;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *data)
{
	struct wr_delivery *delivery = data;
	(void)bytes;
	delivery->body_bytes += size * n;
	return delivery->body_bytes <= WR_SEND_BODY_LIMIT ? size * n : 0;
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
		curl_off_t retry_after = 0;
		curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(delivery->easy, CURLINFO_RETRY_AFTER, &retry_after);
		result->transport = WR_NOTICE_ANSWERED;
		result->status = (int)status;
		result->retry_after = retry_after > 0 ? retry_after : -1;
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

static bool is_forbidden_literal(const struct wr_delivery *delivery, const char *host)
{
	struct wr_ip ip;
	size_t length = strlen(host);
	if (length > 2 && host[0] == '[') {
		host++;
		length = strcspn(host, "%]");
	}
	return wr_ip_parse(host, length, &ip) && !may_connect(delivery, &ip);
}

static char *write_key(const char *scheme, const char *host, const char *port, const char *proxy)
{
	struct wr_buf key = {0};
	wr_buf_printf(&key, "%s://%s:%s %s", scheme, host, port, proxy ? proxy : "");
	char *text = wr_buf_take(&key);
	for (char *at = text; *at && *at != ' '; at++)
		*at = (char)tolower((unsigned char)*at);
	return text;
}

char *transfer_key(struct wr_delivery *delivery)
{
	char *scheme = NULL, *host = NULL, *port = NULL, *key = NULL;
	CURLU *url = curl_url();
	if (!url)
		wr_out_of_memory();
	CURLUcode bad = curl_url_set(
	    url, CURLUPART_URL, delivery->url ? delivery->url : "", CURLU_DISALLOW_USER);
	if (!bad)
		bad = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
	if (!bad)
		bad = curl_url_get(url, CURLUPART_HOST, &host, 0);
	if (!bad)
		bad = curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	if (bad)
		fail(delivery, WR_NOTICE_BAD_ADDRESS, curl_url_strerror(bad));
	else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		fail(delivery, WR_NOTICE_BAD_ADDRESS, "neither http nor https");
	else if (is_forbidden_literal(delivery, host))
		fail(delivery, WR_NOTICE_FORBIDDEN,
		    "its address is in a special range; name it in allow-networks");
	else
		key = write_key(scheme, host, port, delivery->proxy);
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(url);
	return key;
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

/* The protocols, the way out, and everything that curl would do by itself and must not. */
static void set_limits(struct wr_delivery *delivery)
{
	CURL *easy = delivery->easy;
	uint64_t timeout = delivery->timeout_ms ? delivery->timeout_ms : WR_NOTICE_TRY_MS;
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, delivery->proxy ? delivery->proxy : "");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout);
}

static void set_callbacks(struct wr_delivery *delivery)
{
	CURL *easy = delivery->easy;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, delivery);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, delivery);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_before_request);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, delivery);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, delivery);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, delivery);
}

bool transfer_open(struct wr_delivery *delivery)
{
	delivery->header_bytes = delivery->body_bytes = 0;
	delivery->forbidden = delivery->opened = delivery->has_headers = false;
	delivery->easy = curl_easy_init();
	delivery->list = header_list(delivery);
	if (!delivery->easy || !delivery->list) {
		transfer_close(delivery);
		return false;
	}
	set_limits(delivery);
	set_callbacks(delivery);
	curl_easy_setopt(delivery->easy, CURLOPT_URL, delivery->url);
	curl_easy_setopt(delivery->easy, CURLOPT_USERAGENT, "wardround");
	curl_easy_setopt(delivery->easy, CURLOPT_HTTPHEADER, delivery->list);
	curl_easy_setopt(delivery->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)delivery->length);
	curl_easy_setopt(
	    delivery->easy, CURLOPT_POSTFIELDS, delivery->length ? delivery->body : "");
	return true;
}

void transfer_close(struct wr_delivery *delivery)
{
	curl_easy_cleanup(delivery->easy);
	curl_slist_free_all(delivery->list);
	delivery->easy = NULL;
	delivery->list = NULL;
}
