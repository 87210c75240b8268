package dev.modelsigning.cli.command;

import dev.modelsigning.internal.json.Printable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A command line of this program for people to copy. What a shell would take for something else is
 * quoted, so that names from outside (an identity, a file) are nothing but names in it; the line is
 * one line, and safe to show. It is filled by one thread.
 */
public final class ShellCommand {

  /** An equals sign in front would have zsh look for a command. */
  private static final Pattern PLAIN = Pattern.compile("(?!=)[A-Za-z0-9_@%+=:,./-]+");

  private final List<String> words = new ArrayList<>();

  private ShellCommand() {}

  /** A command such as {@code verify key}. */
  public static ShellCommand of(String command) {
    ShellCommand line = new ShellCommand();
    line.words.add("model-signing");
    line.words.addAll(List.of(command.split(" ")));
    return line;
  }

  /** A command such as {@code verify key}, of the program that is running. */
  public static ShellCommand of(Program program, String command) {
    ShellCommand line = of(command);
    program
        .cluster()
        .ifPresent(cluster -> {
          line.words.remove(0);
          line.words.addAll(0, cluster.program());
        });
    return line;
  }

  /** Adds a path. */
  public ShellCommand path(Path path) {
    words.add(unmistakable(path));
    return this;
  }

  /** Adds a path or a reference. */
  public ShellCommand place(Place place) {
    if (place.isPath()) {
      return path(place.path());
    }
    words.add(place.toString());
    return this;
  }

  /** Adds an option without a value. */
  public ShellCommand option(String name) {
    words.add(name);
    return this;
  }

  /** Adds an option with a path. */
  public ShellCommand option(String name, Path path) {
    words.add(name);
    return path(path);
  }

  /** Adds an option with a value. */
  public ShellCommand option(String name, String value) {
    if (value.startsWith("-")) {
      words.add(name + "=" + value);
    } else {
      words.add(name);
      words.add(value);
    }
    return this;
  }

  /** A path that cannot be taken for an option, nor for a file with arguments. */
  private static String unmistakable(Path path) {
    String text = path.toString();
    return text.startsWith("-") || text.startsWith("@") ? "./" + text : text;
  }

  /** A word as a shell reads it: POSIX, or with {@code $'...'}, as POSIX has it since 2024. */
  static String quote(String word) {
    if (PLAIN.matcher(word).matches()) {
      return word;
    }
    if (Printable.escape(word).equals(word)) {
      return "'" + word.replace("'", "'\\''") + "'";
    }
    StringBuilder quoted = new StringBuilder("$'");
    for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
      int value = b & 0xff;
      if (value < ' ' || value > '~' || value == '\'' || value == '\\') {
        quoted.append('\\');
        for (int shift = 6; shift >= 0; shift -= 3) {
          quoted.append((char) ('0' + (value >> shift & 7)));
        }
      } else {
        quoted.append((char) value);
      }
    }
    return quoted.append("'").toString();
  }

  /** The words, none of them quoted. */
  public List<String> words() {
    return List.copyOf(words);
  }

  /** The line. */
  @Override
  public String toString() {
    return String.join(" ", words.stream().map(ShellCommand::quote).toList());
  }
}
