package dev.runnel;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The addresses that only programs of this machine can reach. */
public final class Loopback {

    private Loopback() {}

    /** Whether a host name or address is one of them. Blocks: looks a name up. */
    public static boolean has(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
