package dev.modelsigning.cli.command;

import dev.modelsigning.internal.json.Printable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which of the things that a user typed may be repeated, since they cannot be a secret. */
public final class Harmless {

  /** Up to this length one typing error makes another name, beyond it two. */
  private static final int SHORT_NAME = 10;

  private static final int LONGEST_NAME = 60;

  /** From this length on, hyphens included, the beginning of a name says which one is meant. */
  private static final int SHORTEST_BEGINNING = 4;

  /** From this length on, what goes on behind a whole name may be a value that is joined to it. */
  private static final int SHORTEST_WHOLE = 6;

  /**
   * What the options and commands of other tools are called here: model_signing before 1.0, its
   * conformance suite, cosign, openssl, ssh-keygen.
   */
  private static final Map<String, List<String>> ELSEWHERE =
      Map.ofEntries(
          Map.entry("--bundle", List.of("--signature")),
          Map.entry("--output-bundle", List.of("--signature")),
          Map.entry("--output-signature", List.of("--signature")),
          Map.entry("--sig-path", List.of("--signature")),
          Map.entry("--sig-out", List.of("--signature")),
          Map.entry("--cert-chain", List.of("--certificate-chain")),
          Map.entry("--cert-chain-path", List.of("--certificate-chain")),
          Map.entry("--root-certs", List.of("--certificate-chain")),
          Map.entry("--signing-cert", List.of("--signing-certificate")),
          Map.entry("--signing-cert-path", List.of("--signing-certificate")),
          Map.entry("--key", List.of("--private-key", "--public-key")),
          Map.entry("--key-path", List.of("--private-key", "--public-key")),
          Map.entry("--certificate-oidc-issuer", List.of("--identity-provider")),
          Map.entry("--oidc-issuer", List.of("--identity-provider")),
          Map.entry("--issuer", List.of("--identity-provider")),
          Map.entry("--pubkey", List.of("--public-key")),
          Map.entry("--pub-key", List.of("--public-key")),
          Map.entry("--pubin", List.of("--public-key")),
          Map.entry("--privkey", List.of("--private-key")),
          Map.entry("--priv-key", List.of("--private-key")),
          Map.entry("--secret-key", List.of("--private-key")),
          Map.entry("--cert", List.of("--signing-certificate", "--certificate-chain")),
          Map.entry("--certificate", List.of("--signing-certificate", "--certificate-chain")),
          Map.entry("version", List.of("--version")),
          Map.entry("keygen", List.of("generate-key")),
          Map.entry("key-gen", List.of("generate-key")),
          Map.entry("genkey", List.of("generate-key")),
          Map.entry("generate-key-pair", List.of("generate-key")),
          Map.entry("pubkey", List.of("public-key")),
          Map.entry("show", List.of("inspect")),
          Map.entry("validate", List.of("verify")),
          Map.entry("check", List.of("verify")));

  private Harmless() {}

  /**
   * A name, without a value that is joined to it by an equals sign, if it is one of some names, the
   * beginning of one, or nearly so, or an option of another tool, or a letter. If it begins with a
   * whole name and goes on, the rest may be a value.
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
    boolean known =
        names.contains(plain)
            || ELSEWHERE.containsKey(plain)
            || plain.matches("-[a-z]")
            || (plain.length() >= SHORTEST_BEGINNING
                && names.stream().anyMatch(each -> each.startsWith(plain)));
    boolean near =
        plain.length() > 2
            && names.stream().anyMatch(each -> isNear(plain, each) && !plain.startsWith(each));
    return known || near ? Optional.of(Printable.quote(name)) : Optional.empty();
  }

  /**
   * Those of some names that somebody may have meant who typed this, safe to show: what other tools
   * say for it, else what is nearly the same, else what begins like this, else what has two words
   * in common with it, else what this begins with.
   */
  public static List<String> meant(String typed, Collection<String> names) {
    int equals = typed.indexOf('=');
    String name = Underscores.toHyphens(equals < 0 ? typed : typed.substring(0, equals));
    if (name.length() > LONGEST_NAME) {
      return List.of();
    }
    List<Predicate<String>> kinds =
        List.of(
            ELSEWHERE.getOrDefault(name, List.of())::contains,
            each -> isNear(name, each),
            each -> name.length() >= SHORTEST_BEGINNING && each.startsWith(name),
            each -> wordsInCommon(name, each) >= 2,
            each -> each.length() >= SHORTEST_WHOLE && name.startsWith(each));
    for (Predicate<String> kind : kinds) {
      List<String> meant = names.stream().filter(each -> each.length() > 2).filter(kind).toList();
      if (!meant.isEmpty()) {
        return meant;
      }
    }
    return List.of();
  }

  private static long wordsInCommon(String one, String other) {
    Set<String> words = new HashSet<>(List.of(one.split("-")));
    return Arrays.stream(other.split("-"))
        .filter(word -> word.length() > 2 && words.contains(word))
        .distinct()
        .count();
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
