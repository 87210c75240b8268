package dev.modelsigning.policy.internal.lint;

import dev.modelsigning.policy.internal.rules.SignerText;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Signers of a policy who are one person, whatever they sign: the same key, the same name. When
 * signatures are counted, more can turn out to be one; who is one here is one then.
 */
final class KnownPersons {

  /** What is known of a signer and of nobody else, by the name of the signer. */
  private final Map<String, String> properties = new HashMap<>();

  /** The first signer with a property. */
  private final Map<String, SignerText> first = new HashMap<>();

  /**
   * Adds a signer.
   *
   * @param fingerprints the fingerprints of its keys, as far as they can be read
   * @return the first signer who is the same person, if there is one
   */
  Optional<SignerText> add(SignerText signer, List<String> fingerprints) {
    List<String> own = properties(signer, fingerprints);
    Optional<SignerText> same =
        own.stream().flatMap(each -> Optional.ofNullable(first.get(each)).stream()).findFirst();
    // Whoever shares one key with somebody is that person, with all other keys.
    same.map(each -> properties.get(each.name()))
        .or(() -> own.stream().findFirst())
        .ifPresent(known -> properties.put(signer.name(), known));
    own.forEach(each -> first.putIfAbsent(each, same.orElse(signer)));
    return same;
  }

  private static List<String> properties(SignerText signer, List<String> fingerprints) {
    if (signer instanceof SignerText.Key key) {
      return fingerprints.isEmpty()
          ? key.publicKeys().stream().map(file -> "file:" + file).toList()
          : fingerprints.stream().map(one -> "key:" + one).toList();
    }
    return property(signer).stream().toList();
  }

  private static Optional<String> property(SignerText signer) {
    if (signer instanceof SignerText.Certificate owner) {
      // One of several names can be that of another person.
      return owner.identities().size() == 1 && owner.fingerprints().isEmpty()
          ? Optional.of(name(owner.identities().get(0)))
          : Optional.empty();
    }
    return signer instanceof SignerText.Keyless keyless
        ? keyless.identity().map(KnownPersons::name)
        : Optional.empty();
  }

  private static String name(String name) {
    return "name:" + name.toLowerCase(Locale.ROOT);
  }

  /** How many persons there can be at most among some signers. */
  long count(Iterable<String> names) {
    Map<String, String> persons = new HashMap<>();
    names.forEach(name -> persons.put(properties.getOrDefault(name, "signer:" + name), name));
    return persons.size();
  }
}
