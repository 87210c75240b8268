package dev.modelsigning.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The JSON Schemas of the output of {@code --format json}: a resource for each command, named like
 * it, with hyphens between the words.
 */
final class Schemas {

  private Schemas() {}

  /** The names of all schemas, in the order of the commands. */
  static List<String> names() {
    return Commands.ENTRIES.stream()
        .map(entry -> entry.name().replace(' ', '-'))
        .filter(name -> Schemas.class.getResource(resource(name)) != null)
        .toList();
  }

  /** The text of the schema with this name; empty if there is none. */
  static Optional<String> text(String name) {
    if (!names().contains(name)) {
      return Optional.empty();
    }
    try (InputStream in = Schemas.class.getResourceAsStream(resource(name))) {
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
