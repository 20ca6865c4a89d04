package dev.runnel.engine.grammar;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a place of a JSON text may be. Two shapes are the same only if they are one object: a schema has each of its
 * places once, however often it refers to one.
 */
sealed interface Shape {

    /** The shapes directly inside: none, unless a shape says otherwise. */
    default Stream<Shape> parts() {
        return Stream.empty();
    }

    /** Any JSON value. */
    final class Anything implements Shape {}

    /** An object with these members, in this order. */
    final class Members implements Shape {
        final List<Member> members;

        Members(List<Member> members) {
            this.members = List.copyOf(members);
        }

        @Override
        public Stream<Shape> parts() {
            return members.stream().map(Member::value);
        }
    }

    /** One member of an object. */
    record Member(String name, Shape value, boolean required) {}

    /** An object with members of any name. */
    final class Table implements Shape {
        final Shape value;

        Table(Shape value) {
            this.value = value;
        }

        @Override
        public Stream<Shape> parts() {
            return Stream.of(value);
        }
    }

    /** An array. */
    final class Items implements Shape {
        static final int UNBOUNDED = -1;

        final Shape item;
        final int least;
        /** Or {@link #UNBOUNDED}. */
        final int most;

        Items(Shape item, int least, int most) {
            this.item = item;
            this.least = least;
            this.most = most;
        }

        @Override
        public Stream<Shape> parts() {
            return Stream.of(item);
        }
    }

    /** A string of any characters. */
    final class Text implements Shape {
        final int least;
        /** Or {@link Items#UNBOUNDED}. */
        final int most;

        Text(int least, int most) {
            this.least = least;
            this.most = most;
        }
    }

    /** A string with this content, or a number with this text. */
    final class Regular implements Shape {
        final Automaton automaton;
        final boolean quoted;

        Regular(Automaton automaton, boolean quoted) {
            this.automaton = automaton;
            this.quoted = quoted;
        }
    }

    /** One of these JSON texts. */
    final class Literals implements Shape {
        final List<String> texts;

        Literals(List<String> texts) {
            this.texts = texts.stream().distinct().sorted().toList();
        }
    }

    /** One of these. */
    final class Choice implements Shape {
        final List<Shape> options;

        Choice(List<Shape> options) {
            this.options = List.copyOf(options);
        }

        @Override
        public Stream<Shape> parts() {
            return options.stream();
        }
    }

    /** What another place of the schema says. */
    final class Reference implements Shape {
        final String path;
        /** Set when the whole schema has been read. */
        @Nullable
        Shape target;

        Reference(String path) {
            this.path = path;
        }

        @Override
        public Stream<Shape> parts() {
            return Stream.ofNullable(target);
        }
    }
}
