package dev.runnel;

import dev.runnel.engine.HeldText;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.memory.Holding;
import dev.runnel.text.Failure;
import java.util.Optional;

/** What an engine holds for one generation, in the account of the process. */
record UpstreamMemory(Holding holding) implements HeldText {

    static UpstreamMemory of(HeldBytes account, String model) {
        return new UpstreamMemory(Holding.ofUpstream(account, model));
    }

    @Override
    public Optional<Failure> resize(long bytes) {
        return holding.resize(bytes).map(Bound::failure);
    }

    @Override
    public void close() {
        holding.close();
    }
}
