package dev.modelsigning.maven;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.maven.build.WrongParameterException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluationException;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluator;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/**
 * Refuses unknown parameters and parameters without a value. Maven ignores unknown ones (3.8) or
 * warns about them (3.9), and treats an element that is empty, or whose property does not exist, as
 * absent. A typing error in a parameter that makes a verification strict would make it less strict.
 */
final class ConfigurationCheck {

  private static final String PREFIX = "model-signing.";

  /** Lists; Maven would split a text with commas into several elements. */
  private static final Set<String> LISTS =
      Set.of(
          "ignorePaths",
          "only",
          "claims",
          "signatures",
          "certificateChain",
          "certificateIdentities",
          "certificateFingerprints",
          "crls",
          "tsaCertificateChain");

  /** Parameters that may be empty: then nothing is ignored, or only whole models are verified. */
  private static final Set<String> MAY_BE_EMPTY = Set.of("ignorePaths", "only");

  /** Elements whose presence has a meaning, even if they are empty. */
  private static final Set<String> METHODS = Set.of("key", "certificate", "sigstore");

  private final MojoExecution execution;
  private final ExpressionEvaluator properties;

  /**
   * Checks one execution.
   *
   * @param session the build, whose properties values may name
   */
  ConfigurationCheck(MavenSession session, MojoExecution execution) {
    this.execution = execution;
    this.properties = new PluginParameterExpressionEvaluator(session, execution);
  }

  /**
   * Checks the configuration in the POM and the properties on the command line.
   *
   * @throws WrongParameterException if there is no such parameter, or one has no value
   */
  void require(Properties given) throws WrongParameterException {
    List<MojoDescriptor> all = execution.getMojoDescriptor().getPluginDescriptor().getMojos();
    Set<String> ofAll = new HashSet<>();
    Set<String> properties = new TreeSet<>();
    for (MojoDescriptor mojo : all) {
      ofAll.addAll(names(mojo));
      for (Parameter parameter : parameters(mojo)) {
        properties.add(String.valueOf(parameter.getExpression()).replaceAll("[${}]", ""));
      }
    }
    Plugin plugin = execution.getPlugin();
    // The configuration of the plugin applies to both goals.
    requireKnown(dom(plugin.getConfiguration()), ofAll);
    PluginExecution own = plugin.getExecutionsAsMap().get(execution.getExecutionId());
    if (own != null) {
      Set<String> known = new HashSet<>();
      all.stream()
          .filter(mojo -> own.getGoals().contains(mojo.getGoal()))
          .forEach(mojo -> known.addAll(names(mojo)));
      // The execution of a goal on the command line (default-cli) need not be in the POM.
      known.addAll(names(execution.getMojoDescriptor()));
      // Merged with the configuration of the plugin, which may contain parameters of the other
      // goal.
      Set<String> inherited = new HashSet<>();
      for (Xpp3Dom each : children(dom(plugin.getConfiguration()))) {
        inherited.add(each.getName());
      }
      known.addAll(inherited);
      requireKnown(dom(own.getConfiguration()), known);
    }
    for (String name : new TreeSet<>(given.stringPropertyNames())) {
      if (name.startsWith(PREFIX) && !properties.contains(name)) {
        throw new WrongParameterException(
            "there is no property "
                + Printable.quote(name)
                + "; there are "
                + String.join(
                    ", ", properties.stream().filter(one -> one.startsWith(PREFIX)).toList()));
      }
    }
  }

  private void requireKnown(@Nullable Xpp3Dom configuration, Set<String> known)
      throws WrongParameterException {
    for (Xpp3Dom child : children(configuration)) {
      if (!known.contains(child.getName())) {
        throw new WrongParameterException(
            child.getName(),
            "there is no such parameter; there are " + String.join(", ", new TreeSet<>(known)));
      }
      requireLists(child);
      if (!METHODS.contains(child.getName()) || child.getChildCount() > 0) {
        requireValue(child);
      }
    }
  }

  private static void requireLists(Xpp3Dom element) throws WrongParameterException {
    boolean isText = element.getValue() != null && !element.getValue().isBlank();
    if (LISTS.contains(element.getName()) && isText && element.getChildCount() == 0) {
      throw new WrongParameterException(
          element.getName(), "expected an element for each value, found a text");
    }
    if (LISTS.contains(element.getName())
        && children(element).stream().map(Xpp3Dom::getName).distinct().count() > 1) {
      throw new WrongParameterException(
          element.getName(),
          "expected elements of one name, found several, as where a POM adds to what it inherits;"
              + " give all the same name, or combine.self=\"override\"");
    }
    for (Xpp3Dom child : children(element)) {
      requireLists(child);
    }
  }

  private void requireValue(Xpp3Dom element) throws WrongParameterException {
    List<Xpp3Dom> children = children(element);
    for (Xpp3Dom child : children) {
      requireValue(child);
    }
    if (!children.isEmpty() || MAY_BE_EMPTY.contains(element.getName())) {
      return;
    }
    String text = Objects.requireNonNullElse(element.getValue(), "").strip();
    if (valueOf(text).isBlank()) {
      throw new WrongParameterException(
          element.getName(),
          text.isEmpty()
              ? "has no value; give one, or leave the element out"
              : "has no value, as there is no property "
                  + Printable.quote(text)
                  + "; define it, or correct its name");
    }
  }

  /** The value of an expression as Maven evaluates it; empty if there is none. */
  private String valueOf(String text) {
    try {
      return String.valueOf(Objects.requireNonNullElse(properties.evaluate(text), ""));
    } catch (ExpressionEvaluationException e) {
      // Maven reports the same error itself if it uses the value.
      return "";
    }
  }

  private static Set<String> names(MojoDescriptor mojo) {
    Set<String> names = new HashSet<>();
    for (Parameter parameter : parameters(mojo)) {
      if (parameter.isEditable()) {
        names.add(parameter.getName());
      }
    }
    return names;
  }

  @SuppressWarnings("unchecked") // Maven's own lists have no element types
  private static List<Parameter> parameters(MojoDescriptor mojo) {
    List<Parameter> parameters = mojo.getParameters();
    return parameters == null ? List.of() : parameters;
  }

  private static @Nullable Xpp3Dom dom(@Nullable Object configuration) {
    return configuration instanceof Xpp3Dom dom ? dom : null;
  }

  private static List<Xpp3Dom> children(@Nullable Xpp3Dom element) {
    return element == null ? List.of() : new ArrayList<>(List.of(element.getChildren()));
  }
}
