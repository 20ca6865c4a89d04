package dev.runnel.conformance;

import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Verdict;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The results in the XML that servers of continuous integration read. */
final class JUnitReport {

    private JUnitReport() {}

    static String of(List<Result> results) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            xml.writeStartDocument();
            suite(xml, results);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("XML could not be written to memory", e);
        }
        return text.toString();
    }

    private static void suite(XMLStreamWriter xml, List<Result> results) throws XMLStreamException {
        Counts counts = Counts.of(results);
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", "conformance");
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute("failures", Integer.toString(counts.of(Verdict.FAIL)));
        xml.writeAttribute("skipped", Integer.toString(counts.of(Verdict.SKIP) + counts.of(Verdict.INFORM)));
        for (Result result : results) {
            test(xml, result);
        }
        xml.writeEndElement();
    }

    private static void test(XMLStreamWriter xml, Result result) throws XMLStreamException {
        String id = result.of().id();
        int slash = id.indexOf('/');
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "conformance." + id.substring(0, slash));
        xml.writeAttribute("name", id.substring(slash + 1));
        xml.writeAttribute("time", seconds(result.time()));
        switch (result.verdict()) {
            case PASS -> {}
            case FAIL -> failure(xml, result);
            case SKIP, INFORM -> {
                xml.writeEmptyElement("skipped");
                xml.writeAttribute("message", printable(result.verdict().word() + ": " + result.reason()));
            }
        }
        xml.writeEndElement();
    }

    private static void failure(XMLStreamWriter xml, Result result) throws XMLStreamException {
        xml.writeStartElement("failure");
        xml.writeAttribute("message", printable(result.reason()));
        xml.writeCharacters(printable(result.of().sentence() + "\n" + String.join("\n", result.transcript())));
        xml.writeEndElement();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e9);
    }

    /** Without the characters that XML 1.0 cannot have. */
    private static String printable(String text) {
        return text.replaceAll("[^\\t\\n\\x20-\\uD7FF\\uE000-\\uFFFD]", "\u00b7");
    }
}
