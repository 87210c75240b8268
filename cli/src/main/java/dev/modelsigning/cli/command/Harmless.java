package dev.modelsigning.cli.command;

import dev.modelsigning.internal.json.Printable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which of the things that a user typed may be repeated, since they cannot be a secret. */
public final class Harmless {

  /** Up to this length one typing error makes another name, beyond it two. */
  private static final int SHORT_NAME = 10;

  private static final int LONGEST_NAME = 60;

  private Harmless() {}

  /**
   * A name, without a value that is joined to it by an equals sign, if it is one of some names or
   * nearly so. If it begins with a whole name and goes on, the rest may be a value.
   *
   * @return the name in quotation marks, safe to show
   */
  public static Optional<String> name(String typed, Collection<String> names) {
    int equals = typed.indexOf('=');
    String name = equals < 0 ? typed : typed.substring(0, equals);
    String plain = Underscores.toHyphens(name).toLowerCase(Locale.ROOT);
    if (plain.length() > LONGEST_NAME) {
      return Optional.empty();
    }
    boolean known = names.contains(plain);
    boolean near =
        plain.length() > 2
            && names.stream().anyMatch(each -> isNear(plain, each) && !plain.startsWith(each));
    return known || near ? Optional.of(Printable.quote(name)) : Optional.empty();
  }

  /** Those of some names that somebody may have meant who typed this, safe to show. */
  public static List<String> meant(String typed, Collection<String> names) {
    int equals = typed.indexOf('=');
    String name = Underscores.toHyphens(equals < 0 ? typed : typed.substring(0, equals));
    return name.length() > LONGEST_NAME
        ? List.of()
        : names.stream()
            .filter(each -> each.length() > 2)
            .filter(each -> name.startsWith(each) || isNear(name, each))
            .toList();
  }

  private static boolean isNear(String typed, String name) {
    int errors = name.length() <= SHORT_NAME ? 1 : 2;
    return typed.length() <= name.length() + 1 && errors(typed, name) <= errors;
  }

  /** How many letters were changed, added, left out or exchanged with their neighbour. */
  private static int errors(String one, String other) {
    int[][] errors = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          errors[i][j] = i + j;
          continue;
        }
        int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        errors[i][j] =
            Math.min(errors[i - 1][j - 1] + same, Math.min(errors[i - 1][j], errors[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          errors[i][j] = Math.min(errors[i][j], errors[i - 2][j - 2] + 1);
        }
      }
    }
    return errors[one.length()][other.length()];
  }

  /** A path with a directory in it that exists; the last name in it need not. */
  public static Optional<String> path(String typed) {
    try {
      Path path = Path.of(typed);
      Path parent = path.getParent();
      boolean exists =
          parent != null
              && (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                  || (parent.getNameCount() > 1 && Files.isDirectory(parent)));
      return exists ? Optional.of(Printable.quote(typed)) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** A short word that begins with a letter, given to an option that takes one of some words. */
  public static Optional<String> word(String typed) {
    return typed.matches("[A-Za-z][A-Za-z0-9-]{0,11}")
        ? Optional.of("'" + typed + "'")
        : Optional.empty();
  }
}
