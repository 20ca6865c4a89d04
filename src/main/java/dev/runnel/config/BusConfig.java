package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;

/**
 * The event bus.
 *
 * @param publishDeltas whether every delta is published to observers
 */
public record BusConfig(boolean publishDeltas) {

    static BusConfig read(Section section) {
        return new BusConfig(section.required("publishDeltas", Rule.bool()));
    }
}
