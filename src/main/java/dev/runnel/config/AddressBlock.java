package dev.runnel.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A block of IP addresses as CIDR writes it ({@code 10.0.0.0/8}, RFC 4632). An address alone is a block of one. An IPv4
 * address within IPv6 ({@code ::ffff:10.0.0.1}) counts as the IPv4 address.
 *
 * @param address any address of the block
 * @param prefixBits how many leading bits all its addresses share
 */
public record AddressBlock(InetAddress address, int prefixBits) {

    private static final int MAPPED_BITS = 96;

    /** Empty for a text that is neither an address nor a block. Looks up no names. */
    static Optional<AddressBlock> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = literal(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty() || slash < 0) {
            return address.map(found -> new AddressBlock(found, bits(found)));
        }
        boolean isMapped = text.indexOf(':') >= 0 && bits(address.get()) == Integer.SIZE;
        int prefix = prefix(text.substring(slash + 1)) - (isMapped ? MAPPED_BITS : 0);
        return address.filter(found -> prefix >= 0 && prefix <= bits(found))
                .map(found -> new AddressBlock(found, prefix));
    }

    /** Whether an address is in the block; false for what is not an IP address. */
    public boolean contains(String other) {
        return literal(other).filter(this::contains).isPresent();
    }

    private boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<InetAddress> literal(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    /** -1 for a text that is not one to three digits. */
    private static int prefix(String text) {
        boolean isNumber = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(text) : -1;
    }
}
