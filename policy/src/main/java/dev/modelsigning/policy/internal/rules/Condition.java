package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.problem.Place;
import java.util.List;
import java.util.Optional;

/** What the predicate of an attestation must say. Each has the place of its field. */
public sealed interface Condition {

  /** Where it is. */
  Place place();

  /** The field, such as {@code licenses}. */
  String field();

  /**
   * The licences of the model in a bill of materials: each must be allowed, if there is such a
   * list, and none may be denied. Compared without regard to case. A bill without licences does not
   * meet it.
   *
   * @param allow the allowed ones; all if empty
   * @param deny the denied ones
   */
  record Licenses(Place place, List<String> allow, List<String> deny) implements Condition {
    /** Copies the lists. */
    public Licenses {
      allow = List.copyOf(allow);
      deny = List.copyOf(deny);
    }

    @Override
    public String field() {
      return "licenses";
    }
  }

  /**
   * The builder in SLSA provenance.
   *
   * @param ids the accepted values of {@code runDetails.builder.id}, compared exactly
   */
  record Builder(Place place, List<String> ids) implements Condition {
    /** Copies the list. */
    public Builder {
      ids = List.copyOf(ids);
    }

    @Override
    public String field() {
      return "builder";
    }
  }

  /**
   * The result of tests.
   *
   * @param results the accepted ones: {@code PASSED}, {@code WARNED}, {@code FAILED}
   */
  record Result(Place place, List<String> results) implements Condition {
    /** Copies the list. */
    public Result {
      results = List.copyOf(results);
    }

    @Override
    public String field() {
      return "result";
    }
  }

  /**
   * The severity of vulnerabilities that were found.
   *
   * @param most the highest that is accepted
   */
  record Severity(Place place, Level most) implements Condition {
    @Override
    public String field() {
      return "severity";
    }
  }

  /** Levels of severity, from the lowest. */
  enum Level {
    /** No vulnerability is accepted. */
    NONE,
    /** CVSS 0.1 to 3.9. */
    LOW,
    /** CVSS 4.0 to 6.9. */
    MEDIUM,
    /** CVSS 7.0 to 8.9. */
    HIGH,
    /** CVSS 9.0 to 10.0. */
    CRITICAL
  }

  /**
   * The base models in a bill of materials or in provenance, each of which must be signed.
   *
   * @param signedBy the names of the signers of whom one must have signed each; not checked if
   *     empty
   */
  record BaseModels(Place place, List<String> signedBy) implements Condition {
    /** Copies the list. */
    public BaseModels {
      signedBy = List.copyOf(signedBy);
    }

    @Override
    public String field() {
      return "base-models";
    }
  }

  /**
   * The datasets in a bill of materials or in provenance.
   *
   * @param signedBy the names of the signers of whom one must have signed each; not checked if
   *     empty
   * @param licenses the licences of each
   * @param noSensitiveData whether each must be stated to have no sensitive data
   */
  record Datasets(
      Place place, List<String> signedBy, Optional<Licenses> licenses, boolean noSensitiveData)
      implements Condition {
    /** Copies the list. */
    public Datasets {
      signedBy = List.copyOf(signedBy);
    }

    @Override
    public String field() {
      return "datasets";
    }
  }

  /**
   * The policy of a verification summary, which must have the result PASSED.
   *
   * @param verifier the accepted values of {@code verifier.id}; any if empty
   * @param policyDigests the accepted digests of the policy, SHA-256 in lower-case hexadecimal; any
   *     if empty
   * @param sameName whether it must be about the name of this model, and not only about its
   *     content: the other policy may ask less of models of other names
   */
  record Summary(Place place, List<String> verifier, List<String> policyDigests, boolean sameName)
      implements Condition {
    /** Copies the lists. */
    public Summary {
      verifier = List.copyOf(verifier);
      policyDigests = List.copyOf(policyDigests);
    }

    @Override
    public String field() {
      return "verifier";
    }
  }
}
