package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.problem.Place;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.SignatureScheme;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who must have signed a model.
 *
 * @param place where it is
 * @param of the names of the signers that count, without duplicates
 * @param atLeast how many of them must have signed, from 1
 * @param mustInclude those of them that must have signed in any case
 * @param algorithms the algorithms that enough of them must each have signed with, one of which is
 *     one of OMS; if empty, any of OMS will do
 */
public record SignatureRule(
    Place place,
    List<String> of,
    int atLeast,
    List<String> mustInclude,
    List<KeyAlgorithm> algorithms) {

  /** Copies the lists. */
  public SignatureRule {
    of = List.copyOf(of);
    mustInclude = List.copyOf(mustInclude);
    algorithms = List.copyOf(algorithms);
  }

  /**
   * An algorithm of keys, or a family of them.
   *
   * @param name its name in policies, such as {@code ml-dsa-65} or {@code ml-dsa}
   * @param schemes the names of its signature schemes, such as {@code ML-DSA-65}
   */
  public record KeyAlgorithm(String name, Set<String> schemes) {

    /** Copies the set. */
    public KeyAlgorithm {
      schemes = Set.copyOf(schemes);
    }

    /** All algorithms that policies can name, by their names. */
    static Map<String, KeyAlgorithm> all() {
      Map<String, KeyAlgorithm> all = new LinkedHashMap<>();
      for (EcdsaScheme scheme : EcdsaScheme.values()) {
        add("ecdsa-" + scheme.curve().replace("-", "").toLowerCase(Locale.ROOT), scheme, all);
      }
      for (MlDsaScheme scheme : MlDsaScheme.values()) {
        add(scheme.name().toLowerCase(Locale.ROOT), scheme, all);
      }
      family("ecdsa", EcdsaScheme.values(), all);
      family("ml-dsa", MlDsaScheme.values(), all);
      return all;
    }

    private static void add(String name, SignatureScheme scheme, Map<String, KeyAlgorithm> all) {
      all.put(name, new KeyAlgorithm(name, Set.of(scheme.name())));
    }

    private static void family(
        String name, List<? extends SignatureScheme> schemes, Map<String, KeyAlgorithm> all) {
      all.put(
          name,
          new KeyAlgorithm(
              name, schemes.stream().map(SignatureScheme::name).collect(Collectors.toSet())));
    }

    /** Whether OMS has it. */
    public boolean isOfOms() {
      return schemes.stream().noneMatch(scheme -> MlDsaScheme.named(scheme).isPresent());
    }
  }

  /** Whether a signature with this scheme may count: OMS has it, or it is named. */
  public boolean accepts(String scheme) {
    return MlDsaScheme.named(scheme).isEmpty()
        || algorithms.stream().anyMatch(one -> one.schemes().contains(scheme));
  }
}
