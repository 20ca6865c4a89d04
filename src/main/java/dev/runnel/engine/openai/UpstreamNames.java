package dev.runnel.engine.openai;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names of upstreams for operators: host and port, and the place in the list if another has the same. */
final class UpstreamNames {

    private UpstreamNames() {}

    static List<String> of(List<UpstreamSettings> upstreams) {
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int place = 0; place < upstreams.size(); place++) {
            UpstreamSettings upstream = upstreams.get(place);
            String name = upstream.url().getHost() + ":" + upstream.port();
            names.add(taken.add(name) ? name : name + "#" + place);
        }
        return List.copyOf(names);
    }
}
