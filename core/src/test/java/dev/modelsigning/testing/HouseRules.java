package dev.modelsigning.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.KeyProvider;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING.md that every module keeps to. A module's own test adds its own. */
public abstract class HouseRules extends PackageRules {

  private static final Path CLASSES = MODULE.resolve("target/classes");

  /** The public API of the module, as text. */
  private static final Path API = MODULE.resolve("api.txt");

  private static final Pattern INTERNAL = Pattern.compile(".*\\.internal(\\..*)?");

  /** The rules for the classes of a package and those below it. */
  protected HouseRules(String rootPackage) {
    super(rootPackage);
  }

  /**
   * Packages for our own modules that adapt a library which all of these use anyway, so that its
   * types are in their signatures.
   */
  protected Set<String> adapting() {
    return Set.of();
  }

  /** Also those that are for our own modules only, which need no more modules for them. */
  @Test
  void publicSignaturesHaveOnlyTypesOfTheJdkAndOurs() throws IOException {
    Set<String> visible = new HashSet<>(publicPackages());
    descriptor()
        .ifPresent(module ->
            module.exports().stream().map(ModuleDescriptor.Exports::source).forEach(visible::add));
    visible.removeAll(adapting());
    assertThat(
            PublicApi.of(topLevel(type -> visible.contains(type.getPackageName()))).foreignTypes())
        .isEmpty();
  }

  /** So that a change of the API is seen in a review; see "Change the public API". */
  @Test
  void publicApiIsTheOneThatIsWrittenDown() throws IOException {
    Set<String> exported = publicPackages();
    String api =
        PublicApi.of(topLevel(type -> exported.contains(type.getPackageName()))).toString();
    if (Boolean.getBoolean("modelsigning.writeApi")) {
      Files.writeString(API, api);
    }
    assertThat(api)
        .as("the public API, and %s; to write it anew: -Dmodelsigning.writeApi=true", API)
        .isEqualTo(Files.readString(API, StandardCharsets.UTF_8));
  }

  /** What is not below {@code internal} is for users, in a module with a descriptor or without. */
  private Set<String> publicPackages() {
    return classes.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> !INTERNAL.matcher(name).matches())
        .collect(Collectors.toSet());
  }

  /** A descriptor exports to everybody what is for users, and nothing else. */
  @Test
  void exportsAllButWhatIsInternal() throws IOException {
    Optional<ModuleDescriptor> descriptor = descriptor();
    if (descriptor.isPresent()) {
      assertThat(
              descriptor.get().exports().stream()
                  .filter(exports -> !exports.isQualified())
                  .map(ModuleDescriptor.Exports::source))
          .containsExactlyInAnyOrderElementsOf(publicPackages());
    }
  }

  private static Optional<ModuleDescriptor> descriptor() throws IOException {
    Path file = CLASSES.resolve("module-info.class");
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(ModuleDescriptor.read(in));
    }
  }

  /** On a class path a file names them, on a module path the descriptor; see "Add a key store". */
  @Test
  void keyProvidersAreFoundOnClassPathAndModulePath() throws IOException {
    List<String> providers =
        classes.stream()
            .filter(type -> type.isAssignableTo(KeyProvider.class) && !type.isInterface())
            .map(JavaClass::getName)
            .toList();
    String service = KeyProvider.class.getName();
    Path file = CLASSES.resolve("META-INF/services").resolve(service);
    assertThat(Files.exists(file) ? Files.readAllLines(file) : List.<String>of())
        .as("%s", file)
        .containsExactlyInAnyOrderElementsOf(providers);
    Optional<ModuleDescriptor> descriptor = descriptor();
    if (descriptor.isPresent()) {
      assertThat(
              descriptor.get().provides().stream()
                  .filter(provides -> provides.service().equals(service))
                  .flatMap(provides -> provides.providers().stream()))
          .as("module-info provides %s", service)
          .containsExactlyInAnyOrderElementsOf(providers);
    }
  }

  private Collection<Class<?>> topLevel(Predicate<JavaClass> wanted) {
    return classes.stream()
        .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
        .filter(wanted)
        .map(JavaClass::reflect)
        .collect(Collectors.toSet());
  }

  @Test
  void classesAreClosed() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveSimpleName("package-info")
        // An exception may have others below it that know more.
        .and(
            DescribedPredicate.not(
                describe(
                    "exceptions that others of ours extend",
                    type ->
                        type.isAssignableTo(Exception.class) && !type.getSubclasses().isEmpty())))
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(classes);
  }

  /** What was not authenticated is for programs that only show it. */
  @Test
  void nothingReadsAStatementThatWasNotVerified() {
    noClasses()
        .that()
        // It says NOT VERIFIED above all that it shows.
        .doNotHaveFullyQualifiedName("dev.modelsigning.inspection.Inspection")
        .should()
        .callMethod(Statement.class, "readUnverified", Bundle.class)
        .check(classes);
  }

  /** Code that holds a VerifiedPayload relies on this. */
  @Test
  void onlyVerifiersAssertThatAPayloadWasVerified() {
    noClasses()
        .that()
        .areNotAssignableTo(BundleVerifier.class)
        .and()
        .areNotAssignableFrom(VerifiedPayload.class)
        .should()
        .callMethodWhere(target(name("assertion")).and(target(owner(type(VerifiedPayload.class)))))
        .check(classes);
  }
}
