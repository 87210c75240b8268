package dev.modelsigning.cli;

import dev.modelsigning.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The JSON Schemas of the output of {@code --format json}: a resource for each command, named like
 * it, with hyphens between the words. That of policies is for those who write one.
 */
final class Schemas {

  /** The name of the schema of an input. */
  static final String POLICY = "policy";

  private Schemas() {}

  /** The names of the schemas of outputs, in the order of the commands. */
  static List<String> names() {
    return Commands.ENTRIES.stream()
        .map(entry -> entry.name().replace(' ', '-'))
        .filter(name -> Schemas.class.getResource(resource(name)) != null)
        .toList();
  }

  /** The names of all schemas, and of that of policies. */
  static List<String> all() {
    return Stream.concat(names().stream(), Stream.of(POLICY)).toList();
  }

  /** The text of the schema with this name; empty if there is none. */
  static Optional<String> text(String name) {
    boolean policy = name.equals(POLICY);
    if (!policy && !names().contains(name)) {
      return Optional.empty();
    }
    try (InputStream in =
        policy
            ? Policy.class.getResourceAsStream("policy.schema.json")
            : Schemas.class.getResourceAsStream(resource(name))) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    return "schemas/" + name + ".schema.json";
  }
}
