package dev.modelsigning.maven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.maven.method.CertificateMethod;
import dev.modelsigning.maven.method.KeyMethod;
import dev.modelsigning.maven.method.SigstoreMethod;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.plugin.descriptor.PluginDescriptorBuilder;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** {@code docs/maven.md} describes every parameter, and its POMs are those of tests. */
class MavenDocumentTest {

  private static final Pattern POM =
      Pattern.compile("^```xml pom=(\\S+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern ROW = Pattern.compile("^\\| (`[^|]*`) \\|.*$", Pattern.MULTILINE);

  private static String document() throws Exception {
    return Files.readString(Path.of("../docs/maven.md"), StandardCharsets.UTF_8);
  }

  private static String section(String heading) throws Exception {
    String text = document();
    int start = text.indexOf("\n" + heading + "\n") + heading.length() + 2;
    assertThat(start).as(heading).isGreaterThan(heading.length() + 2);
    int end = text.indexOf("\n##", start);
    return text.substring(start, end);
  }

  @Test
  void everyPomIsOneOfTheProjectsThatAreRun() throws Exception {
    List<String> projects = new ArrayList<>();
    for (MatchResult pom : POM.matcher(document()).results().toList()) {
      Path file = Path.of("src/it/ways").resolve(pom.group(1)).resolve("pom.xml");
      assertThat(Files.readString(file).replaceAll("(?m)^ +", ""))
          .as("%s", file)
          .contains(pom.group(2).replaceAll("(?m)^ +", ""));
      projects.add(pom.group(1));
    }
    assertThat(projects)
        .contains("key", "certificate", "keyless", "artifact", "producer", "../token");
    assertThat(document().split("```xml", -1)).hasSize(projects.size() + 1);
  }

  /** The parameters come from the descriptor, as Maven reads it. */
  @Test
  void theTableHasEveryParameterOfBothGoals() throws Exception {
    Path descriptor = Path.of("target/classes/META-INF/maven/plugin.xml");
    List<MojoDescriptor> mojos =
        new PluginDescriptorBuilder()
            .build(Files.newBufferedReader(descriptor, StandardCharsets.UTF_8))
            .getMojos();
    TreeMap<String, Set<String>> goals = new TreeMap<>();
    TreeMap<String, String> rest = new TreeMap<>();
    for (MojoDescriptor mojo : mojos) {
      if (mojo.getGoal().equals("help")) {
        continue;
      }
      for (Parameter parameter : parameters(mojo)) {
        if (parameter.isEditable()) {
          goals.computeIfAbsent(parameter.getName(), key -> new TreeSet<>()).add(mojo.getGoal());
          rest.put(parameter.getName(), defaultAndMeaning(parameter));
        }
      }
    }
    List<String> expected =
        rest.entrySet().stream()
            .map(each -> {
              Set<String> of = goals.get(each.getKey());
              String goal = of.size() == 2 ? "both" : "`" + of.iterator().next() + "`";
              return "| `" + each.getKey() + "` | " + goal + " | " + each.getValue() + " |";
            })
            .toList();

    assertThat(ROW.matcher(section("## Parameters")).results().map(MatchResult::group))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(
            mojos.stream()
                .filter(mojo -> !mojo.getGoal().equals("help"))
                .map(mojo -> mojo.getGoal() + " " + mojo.getPhase() + " " + mojo.isThreadSafe()))
        .containsExactlyInAnyOrder("sign package true", "verify verify true");
  }

  private static String defaultAndMeaning(Parameter parameter) throws Exception {
    String value = value(parameter);
    String property =
        Objects.requireNonNullElse(parameter.getExpression(), "").replaceAll("[${}]", "");
    return (value.isEmpty() ? "" : "`" + value + "`")
        + " | "
        + parameter.getDescription().strip()
        + (property.isEmpty() ? "" : " Property: `" + property + "`.");
  }

  /** The default value, which the API of Maven does not expose by parameter. */
  private static String value(Parameter parameter) throws Exception {
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("target/classes/META-INF/maven/plugin.xml").toFile())
            .getDocumentElement();
    var found = root.getElementsByTagName(parameter.getName());
    for (int i = 0; i < found.getLength(); i++) {
      Element each = (Element) found.item(i);
      if (each.getParentNode().getNodeName().equals("configuration")) {
        return each.getAttribute("default-value");
      }
    }
    return "";
  }

  @SuppressWarnings("unchecked") // a raw type in the API of Maven
  private static List<Parameter> parameters(MojoDescriptor mojo) {
    return mojo.getParameters();
  }

  @Test
  void theTablesOfTheMethodsHaveEveryElement() throws Exception {
    Set<String> key = fields(KeyMethod.class);
    assertThat(documented("### `<key>`")).isEqualTo(key);

    Set<String> certificate = fields(CertificateMethod.class);
    certificate.removeAll(key);
    assertThat(documented("### `<certificate>`")).isEqualTo(certificate);

    assertThat(documented("### `<sigstore>`")).isEqualTo(fields(SigstoreMethod.class));
  }

  private static Set<String> documented(String heading) throws Exception {
    return ROW.matcher(section(heading))
        .results()
        .flatMap(row -> Stream.of(row.group(1).replace("`", "").split(", ")))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> fields(Class<?> method) {
    Set<String> names = new TreeSet<>();
    for (Class<?> type = method; type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
          names.add(field.getName());
        }
      }
    }
    return names;
  }
}
