package dev.modelsigning.predicate;

import dev.modelsigning.internal.build.SafeUri;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The form of a JSON value. Forms are composed into the {@link Forms} of predicates. */
@FunctionalInterface
interface Form {

  /**
   * Reads a value and checks it.
   *
   * @param json positioned at the value, which is consumed
   * @param latest the latest acceptable time
   * @throws MalformedJsonException if the value does not have this form; names the field by its
   *     path
   */
  void check(JsonReader json, Instant latest) throws MalformedJsonException;

  /** RFC 3339 section 5.6; {@link OffsetDateTime} accepts more. */
  Pattern TIME =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");

  /** Any value. */
  static Form anything() {
    return (json, latest) -> json.skip();
  }

  /** A string that is not empty. */
  static Form text() {
    return (json, latest) -> json.nonEmptyString();
  }

  /** Any string. */
  static Form string() {
    return (json, latest) -> json.string();
  }

  /** An integer of at least 1. */
  static Form positiveInteger() {
    return (json, latest) -> json.positiveInteger();
  }

  /** A URI with a scheme (in-toto: TypeURI, ResourceURI). */
  static Form uri() {
    return (json, latest) -> {
      String value = json.nonEmptyString();
      if (!SafeUri.isAbsolute(value)) {
        throw json.malformed(
            "expected a URI with a scheme (RFC 3986), found " + Printable.quote(value));
      }
    };
  }

  /** A time (RFC 3339) that has passed. */
  static Form time() {
    return (json, latest) -> {
      String value = json.string();
      Instant time;
      try {
        if (!TIME.matcher(value).matches()) {
          throw notATime(json, value);
        }
        time = OffsetDateTime.parse(value).toInstant();
      } catch (DateTimeParseException e) {
        MalformedJsonException malformed = notATime(json, value);
        malformed.initCause(e);
        throw malformed;
      }
      if (time.isAfter(latest)) {
        throw json.malformed("the time " + value + " is in the future");
      }
    };
  }

  private static MalformedJsonException notATime(JsonReader json, String value) {
    return json.malformed(
        "expected a time such as 2026-01-31T12:00:00Z (RFC 3339), found " + Printable.quote(value));
  }

  /** One of these strings. */
  static Form oneOf(String... values) {
    Set<String> allowed = new TreeSet<>(List.of(values));
    String expected =
        (allowed.size() == 1 ? "expected " : "expected one of ") + String.join(", ", values);
    return (json, latest) -> {
      String value = json.string();
      if (!allowed.contains(value)) {
        throw json.malformed(expected + ", found " + Printable.quote(value));
      }
    };
  }

  /**
   * A string that matches an expression completely.
   *
   * @param expected what it is, for messages
   */
  static Form matching(String expression, String expected) {
    Pattern pattern = Pattern.compile(expression);
    return (json, latest) -> {
      String value = json.string();
      if (!pattern.matcher(value).matches()) {
        throw json.malformed("expected " + expected + ", found " + Printable.quote(value));
      }
    };
  }

  /** An array whose elements have a form. */
  static Form array(Form element) {
    return (json, latest) -> json.array(index -> element.check(json, latest));
  }

  /** An array with at least one element, all of which have a form. */
  static Form filledArray(Form element) {
    return (json, latest) -> {
      int[] number = new int[1];
      json.array(index -> {
        number[0]++;
        element.check(json, latest);
      });
      if (number[0] == 0) {
        throw json.malformed("must not be empty");
      }
    };
  }

  /** An object with members of any name, whose values have a form. */
  static Form map(Form value) {
    return (json, latest) -> json.object(name -> value.check(json, latest));
  }

  /** A form that contains itself. */
  static Form recursive(Supplier<Form> form) {
    return (json, latest) -> form.get().check(json, latest);
  }

  /** An object where null stands for an absent field, as in in-toto's predicates. */
  static Members object() {
    return new Members(true);
  }

  /** An object without null. */
  static Members objectWithoutNull() {
    return new Members(false);
  }

  /** An object with these members. Others are allowed, as the specifications require. */
  final class Members implements Form {

    private record Member(Form form, boolean required) {}

    private final boolean nullIsAbsent;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private List<String> oneOfThese = List.of();

    private Members(boolean nullIsAbsent) {
      this.nullIsAbsent = nullIsAbsent;
    }

    /** Adds a member that must be there. */
    Members required(String name, Form form) {
      members.put(name, new Member(form, true));
      return this;
    }

    /** Adds a member that may be there. */
    Members optional(String name, Form form) {
      members.put(name, new Member(form, false));
      return this;
    }

    /** Requires at least one of these members. */
    Members atLeastOneOf(String... names) {
      oneOfThese = List.of(names);
      return this;
    }

    @Override
    public void check(JsonReader json, Instant latest) throws MalformedJsonException {
      Set<String> found = new TreeSet<>();
      json.object(name -> {
        Member member = members.get(name);
        if (member == null || (nullIsAbsent && json.isNull())) {
          json.skip();
        } else {
          member.form.check(json, latest);
          found.add(name);
        }
      });
      for (Map.Entry<String, Member> member : members.entrySet()) {
        if (member.getValue().required && !found.contains(member.getKey())) {
          throw json.missing(member.getKey());
        }
      }
      if (!oneOfThese.isEmpty() && oneOfThese.stream().noneMatch(found::contains)) {
        throw json.malformed("expected at least one of " + String.join(", ", oneOfThese));
      }
    }
  }
}
