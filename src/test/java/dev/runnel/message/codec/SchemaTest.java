package dev.runnel.message.codec;

import static dev.runnel.message.codec.Records.codecOf;
import static dev.runnel.message.codec.Records.fields;
import static dev.runnel.message.codec.Records.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.message.Origin;
import dev.runnel.message.Placement;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Turn;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Records are what the schema says, as Google's own reader and writer of Protocol Buffers understand it. */
class SchemaTest {

    private static final FileDescriptor SCHEMA = schema();

    /** The meaning of optional fields that are absent, where it is not {@code null}. */
    private static final Map<String, Object> ABSENT = Map.of("share", 1.0);

    private static final Set<Class<?>> FLATTENED =
            Set.of(Origin.class, Placement.class, Continuation.class, TextSoFar.class);

    private static FileDescriptor schema() {
        try (InputStream file = RecordCodec.class.getResourceAsStream("messages.proto")) {
            return SchemaFile.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Property(tries = 300)
    void schemaDescribesEveryRecord(@ForAll("records") Record sent) throws Exception {
        DynamicMessage read = DynamicMessage.parseFrom(
                SCHEMA.findMessageTypeByName(sent.getClass().getSimpleName()), fields(sent));

        assertSame(read, sent);
    }

    @Property(tries = 300)
    void recordWrittenBySchemaIsRead(@ForAll("records") Record sent) throws Exception {
        DynamicMessage message = DynamicMessage.parseFrom(
                SCHEMA.findMessageTypeByName(sent.getClass().getSimpleName()), fields(sent));

        assertThat(codecOf(sent).decodeFromWire(0, frame(message.toByteArray())))
                .isEqualTo(sent);
    }

    private static void assertSame(DynamicMessage message, Record record) throws Exception {
        assertSame(message, values(record));
    }

    private static void assertSame(DynamicMessage message, Map<String, Object> values) throws Exception {
        assertThat(message.getUnknownFields().asMap())
                .as("unknown fields of " + values)
                .isEmpty();
        assertThat(message.getDescriptorForType().getFields()).hasSameSizeAs(values.keySet());
        for (Map.Entry<String, Object> value : values.entrySet()) {
            FieldDescriptor field = message.getDescriptorForType().findFieldByName(snakeCase(value.getKey()));
            assertThat(field).as(value.getKey()).isNotNull();
            Object expected = value.getValue();
            if (expected == null || expected.equals(ABSENT.get(value.getKey()))) {
                assertThat(message.hasField(field)).as(value.getKey()).isFalse();
            } else {
                assertSame(message.getField(field), expected);
            }
        }
    }

    /**
     * The components of a record. Those of an {@link Origin}, a {@link Placement} and a {@link Continuation} are fields
     * of the message around it.
     */
    private static Map<String, Object> values(Record record) throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(record);
            if (FLATTENED.contains(component.getType())) {
                values.putAll(values((Record) value));
            } else if (value instanceof TokenIds ids) {
                values.put(component.getName(), ids.asList());
            } else {
                values.put(component.getName(), value);
            }
        }
        return values;
    }

    private static void assertSame(Object read, Object expected) throws Exception {
        if (expected instanceof Record record) {
            assertSame((DynamicMessage) read, record);
        } else if (expected instanceof Turn turn) {
            assertSame((DynamicMessage) read, Map.of("role", turn.role(), "content", turn.content()));
        } else if (expected instanceof Enum<?> constant) {
            String type = ((EnumValueDescriptor) read).getType().getName();
            assertThat(((EnumValueDescriptor) read).getName())
                    .isEqualTo(snakeCase(type).substring(1).toUpperCase(Locale.ROOT) + "_" + constant.name());
        } else if (expected instanceof List<?> list) {
            assertThat((List<?>) read).hasSameSizeAs(list);
            for (int i : IntStream.range(0, list.size()).toArray()) {
                assertSame(((List<?>) read).get(i), list.get(i));
            }
        } else {
            assertThat(read).isEqualTo(expected);
        }
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** {@link Delta} has a form of its own. */
    @Provide
    Arbitrary<Record> records() {
        return Records.all().filter(record -> !(record instanceof Delta));
    }
}
