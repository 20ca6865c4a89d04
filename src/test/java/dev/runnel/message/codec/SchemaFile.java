package dev.runnel.message.codec;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads {@code messages.proto}: messages, enums, fields of numbers, texts and other messages. No imports, no nesting.
 */
final class SchemaFile {

    private static final Pattern BLOCK = Pattern.compile("(message|enum) (\\w+) \\{([^}]*)}");
    private static final Pattern FIELD = Pattern.compile("(optional |repeated )?(\\w+) (\\w+) = (\\d+);");
    private static final Pattern CONSTANT = Pattern.compile("(\\w+) = (\\d+);");

    private SchemaFile() {}

    static FileDescriptor parse(String text) throws DescriptorValidationException {
        String code = text.replaceAll("//[^\\n]*", "");
        Set<String> enums = BLOCK.matcher(code)
                .results()
                .filter(block -> block.group(1).equals("enum"))
                .map(block -> block.group(2))
                .collect(Collectors.toSet());
        var file = FileDescriptorProto.newBuilder()
                .setName("messages.proto")
                .setSyntax("proto3")
                .setPackage("dev.runnel.message");
        Matcher block = BLOCK.matcher(code);
        while (block.find()) {
            if (enums.contains(block.group(2))) {
                file.addEnumType(constants(block.group(2), block.group(3)));
            } else {
                file.addMessageType(message(block.group(2), block.group(3), enums));
            }
        }
        return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
    }

    private static EnumDescriptorProto constants(String name, String body) {
        var constants = EnumDescriptorProto.newBuilder().setName(name);
        CONSTANT.matcher(body)
                .results()
                .forEach(constant -> constants.addValue(EnumValueDescriptorProto.newBuilder()
                        .setName(constant.group(1))
                        .setNumber(Integer.parseInt(constant.group(2)))));
        return constants.build();
    }

    private static DescriptorProto message(String name, String body, Set<String> enums) {
        var message = DescriptorProto.newBuilder().setName(name);
        Matcher line = FIELD.matcher(body);
        while (line.find()) {
            boolean repeated = "repeated ".equals(line.group(1));
            var field = FieldDescriptorProto.newBuilder()
                    .setName(line.group(3))
                    .setNumber(Integer.parseInt(line.group(4)))
                    .setLabel(repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
            setType(field, line.group(2), enums);
            if ("optional ".equals(line.group(1))) {
                field.setProto3Optional(true).setOneofIndex(message.getOneofDeclCount());
                message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + line.group(3)));
            }
            message.addField(field);
        }
        return message.build();
    }

    private static void setType(FieldDescriptorProto.Builder field, String type, Set<String> enums) {
        switch (type) {
            case "string" -> field.setType(FieldDescriptorProto.Type.TYPE_STRING);
            case "bool" -> field.setType(FieldDescriptorProto.Type.TYPE_BOOL);
            case "int32" -> field.setType(FieldDescriptorProto.Type.TYPE_INT32);
            case "int64" -> field.setType(FieldDescriptorProto.Type.TYPE_INT64);
            case "double" -> field.setType(FieldDescriptorProto.Type.TYPE_DOUBLE);
            default ->
                field.setType(
                                enums.contains(type)
                                        ? FieldDescriptorProto.Type.TYPE_ENUM
                                        : FieldDescriptorProto.Type.TYPE_MESSAGE)
                        .setTypeName(".dev.runnel.message." + type);
        }
    }
}
