package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3,10.1.2.3",
        "10.0.0.0/8,10.255.0.1",
        "10.9.9.9/8,10.255.0.1",
        "10.1.2.0/23,10.1.3.255",
        "0.0.0.0/0,192.0.2.1",
        "192.0.2.1/32,192.0.2.1",
        "::1,0:0:0:0:0:0:0:1",
        "2001:db8::/33,2001:db8:7fff::1",
        "::ffff:10.0.0.0/104,10.1.1.1",
        "10.0.0.0/8,::ffff:10.1.1.1"
    })
    void blockContainsTheAddress(String block, String address) {
        assertThat(AddressBlock.parse(block).orElseThrow().contains(address)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3,10.1.2.4",
        "10.0.0.0/8,11.0.0.0",
        "10.1.2.0/23,10.1.4.0",
        "0.0.0.0/0,::1",
        "::/0,10.0.0.1",
        "2001:db8::/33,2001:db8:8000::1",
        "10.0.0.0/8,unknown",
        "10.0.0.0/8,''"
    })
    void blockDoesNotContainTheAddress(String block, String address) {
        assertThat(AddressBlock.parse(block).orElseThrow().contains(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "proxy",
                "10.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.0/+8",
                "10.0.0.0/1000",
                "::1/129",
                "::ffff:10.0.0.0/95",
                "10.0.0.0 ",
                "localhost"
            })
    void otherTextIsNoBlock(String text) {
        assertThat(AddressBlock.parse(text)).isEmpty();
    }
}
