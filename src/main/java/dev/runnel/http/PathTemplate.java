package dev.runnel.http;

/**
 * A path with parameters, in the form of vertx-web: {@code /v1/generate/:id}. A parameter stands for one segment, which
 * is not empty.
 */
final class PathTemplate {

    private final String template;

    PathTemplate(String template) {
        this.template = template;
    }

    String template() {
        return template;
    }

    /** Whether a path has this form. */
    boolean matches(String path) {
        int at = 0;
        for (int i = 0; i < template.length(); i++) {
            if (template.charAt(i) == ':' && template.charAt(i - 1) == '/') {
                int end = segmentEnd(path, at);
                if (end == at) {
                    return false;
                }
                at = end;
                i = segmentEnd(template, i) - 1;
            } else if (at == path.length() || path.charAt(at++) != template.charAt(i)) {
                return false;
            }
        }
        return at == path.length();
    }

    private static int segmentEnd(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }
}
