package dev.runnel.http;

import dev.runnel.auth.Caller;
import dev.runnel.config.Allowance;

/**
 * Who sent a request, and what they may use.
 *
 * @param allowance the plan, narrowed by the key's own claims
 */
record AuthenticatedCaller(Caller caller, Allowance allowance) {

    String keyId() {
        return caller.keyId();
    }
}
