package dev.runnel.http;

import static dev.runnel.http.PlayedClient.PROMPT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP/1.0: the end of the connection is the end of the answer. */
@ExtendWith(PlayedService.class)
class Http10Test {

    private final PlayedClient client;

    Http10Test(PlayedClient client) {
        this.client = client;
    }

    private String http10(String headers) {
        return "POST /v1/generate/stream HTTP/1.0\r\nAuthorization: Bearer " + client.key() + "\r\n" + headers
                + "Content-Type: application/json\r\nContent-Length: " + PROMPT.length() + "\r\n\r\n" + PROMPT;
    }

    @Test
    void http10ClientReadsUntilTheConnectionEnds() throws Exception {
        for (String keepAlive : new String[] {"", "Connection: keep-alive\r\n"}) {
            client.reconnect();
            client.send(http10(keepAlive));
            client.generator().accept().say("a").say("b").finish();

            HttpWire.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).doesNotContainKey("Transfer-Encoding");
            assertThat(StreamRules.check(answer.bytes()).text()).isEqualTo("ab");
            client.close();
        }
    }

    @Test
    void nothingFollowsAStreamOverHttp10() throws Exception {
        client.send(http10("Connection: keep-alive\r\n")
                + "GET /v1/models HTTP/1.0\r\nConnection: keep-alive\r\nAuthorization: Bearer " + client.key()
                + "\r\n\r\n");
        client.generator().accept().say("a").say("b").finish();

        assertThat(StreamRules.check(client.answer().bytes()).text()).isEqualTo("ab");
    }

    @Test
    void http10ClientReceivesNoContinue() throws Exception {
        client.send(http10("Expect: 100-continue\r\n"));
        client.generator().accept().say("a").finish();

        assertThat(client.answer().status()).isEqualTo(200);
    }
}
