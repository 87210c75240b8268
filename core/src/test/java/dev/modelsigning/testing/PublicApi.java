package dev.modelsigning.testing;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What users of a module can see: all public and protected signatures of classes, as text and as
 * the set of types in them.
 */
final class PublicApi {

  private final StringBuilder text = new StringBuilder();
  private final Set<String> foreign = new TreeSet<>();

  private PublicApi() {}

  /**
   * The signatures of these classes and of the public classes within them.
   *
   * @param classes top-level classes; those that are not public are left out
   */
  static PublicApi of(Collection<Class<?>> classes) {
    PublicApi api = new PublicApi();
    String packageName = "";
    List<Class<?>> sorted = new ArrayList<>(classes);
    sorted.sort(
        Comparator.<Class<?>, String>comparing(Class::getPackageName)
            .thenComparing(Class::getName));
    for (Class<?> type : sorted) {
      if (!Modifier.isPublic(type.getModifiers())) {
        continue;
      }
      if (!type.getPackageName().equals(packageName)) {
        packageName = type.getPackageName();
        api.text.append("package ").append(packageName).append("\n\n");
      }
      api.describe(type);
    }
    return api;
  }

  /** One line for each signature, in an order that does not depend on the compiler. */
  @Override
  public String toString() {
    return text.toString();
  }

  /** The signatures that have types which are neither the JDK's nor ours, each with the type. */
  Set<String> foreignTypes() {
    return foreign;
  }

  private void describe(Class<?> type) {
    text.append(header(type)).append('\n');
    List<String> members = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if (field.isEnumConstant()) {
        members.add(field.getName());
      } else if (isVisible(field.getModifiers(), field.isSynthetic())) {
        members.add(
            modifiers(field, field.getModifiers() & Modifier.fieldModifiers())
                + show(field.getAnnotatedType(), type + "." + field.getName())
                + " "
                + field.getName());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isVisible(constructor.getModifiers(), constructor.isSynthetic())) {
        members.add(signature(constructor, "", simpleName(type)));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isVisible(method.getModifiers(), method.isSynthetic()) && !isGenerated(type, method)) {
        String result =
            show(method.getAnnotatedReturnType(), type.getName() + "." + method.getName()) + " ";
        members.add(signature(method, result, method.getName()));
      }
    }
    members.stream().sorted().forEach(member -> text.append("  ").append(member).append('\n'));
    text.append('\n');
    Stream.of(type.getDeclaredClasses())
        .filter(inner -> isVisible(inner.getModifiers(), inner.isSynthetic()))
        .sorted(Comparator.comparing(Class::getName))
        .forEach(this::describe);
  }

  /** What the compiler adds to every record and enum. */
  private static boolean isGenerated(Class<?> type, Method method) {
    String signature = method.getName() + method.getParameterCount();
    return (type.isRecord() && Set.of("equals1", "hashCode0", "toString0").contains(signature))
        || (type.isEnum() && Set.of("values0", "valueOf1").contains(signature));
  }

  private static boolean isVisible(int modifiers, boolean synthetic) {
    return !synthetic && (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers));
  }

  private String header(Class<?> type) {
    int kept = type.getModifiers() & ~Modifier.INTERFACE;
    if (type.isInterface() || type.isEnum()) {
      kept &= ~(Modifier.ABSTRACT | Modifier.STATIC | Modifier.FINAL);
    }
    StringBuilder header = new StringBuilder(modifiers(type, kept));
    if (type.isSealed()) {
      header.append("sealed ");
    }
    header.append(
        type.isAnnotation()
            ? "@interface "
            : type.isInterface()
                ? "interface "
                : type.isEnum() ? "enum " : type.isRecord() ? "record " : "class ");
    header.append(simpleName(type));
    header.append(typeParameters(type.getTypeParameters(), type.getName()));
    AnnotatedType superclass = type.getAnnotatedSuperclass();
    if (superclass != null
        && !type.isEnum()
        && !type.isRecord()
        && superclass.getType() != Object.class) {
      header.append(" extends ").append(show(superclass, type.getName()));
    }
    if (type.getAnnotatedInterfaces().length > 0) {
      header.append(type.isInterface() ? " extends " : " implements ");
      header.append(showAll(type.getAnnotatedInterfaces(), type.getName()));
    }
    if (type.isSealed()) {
      header.append(
          Arrays.stream(type.getPermittedSubclasses())
              .map(Class::getSimpleName)
              .sorted()
              .collect(Collectors.joining(", ", " permits ", "")));
    }
    return header.toString();
  }

  private String signature(Executable executable, String result, String name) {
    String where = executable.getDeclaringClass().getName() + "." + name;
    String parameters =
        executable.getTypeParameters().length == 0
            ? ""
            : typeParameters(executable.getTypeParameters(), where) + " ";
    String thrown =
        executable.getExceptionTypes().length == 0
            ? ""
            : " throws " + showAll(executable.getAnnotatedExceptionTypes(), where);
    int kept =
        executable.getModifiers()
            & (executable instanceof Method
                ? Modifier.methodModifiers()
                : Modifier.constructorModifiers())
            & ~(Modifier.SYNCHRONIZED | Modifier.NATIVE);
    return modifiers(executable, kept)
        + (executable instanceof Method method && method.isDefault() ? "default " : "")
        + parameters
        + result
        + name
        + "("
        + showAll(executable.getAnnotatedParameterTypes(), where)
        + ")"
        + thrown;
  }

  private static String modifiers(AnnotatedElement element, int modifiers) {
    String deprecated = element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "";
    return deprecated + (modifiers == 0 ? "" : Modifier.toString(modifiers) + " ");
  }

  private String typeParameters(TypeVariable<?>[] variables, String where) {
    if (variables.length == 0) {
      return "";
    }
    return Arrays.stream(variables)
        .map(variable -> {
          AnnotatedType[] bounds = variable.getAnnotatedBounds();
          boolean any = bounds.length == 1 && bounds[0].getType() == Object.class;
          return variable.getName()
              + (any && !isNullable(bounds[0])
                  ? ""
                  : " extends " + showAll(bounds, where).replace(", ", " & "));
        })
        .collect(Collectors.joining(", ", "<", ">"));
  }

  private String showAll(AnnotatedType[] types, String where) {
    return Arrays.stream(types).map(type -> show(type, where)).collect(Collectors.joining(", "));
  }

  private String show(AnnotatedType type, String where) {
    String nullable = isNullable(type) ? "@Nullable " : "";
    if (type instanceof AnnotatedArrayType array) {
      String brackets = nullable.isEmpty() ? "[]" : " " + nullable + "[]";
      return show(array.getAnnotatedGenericComponentType(), where) + brackets;
    }
    if (type instanceof AnnotatedParameterizedType parameterized) {
      Class<?> raw = (Class<?>) ((ParameterizedType) parameterized.getType()).getRawType();
      return nullable
          + name(raw, where)
          + "<"
          + showAll(parameterized.getAnnotatedActualTypeArguments(), where)
          + ">";
    }
    if (type instanceof AnnotatedWildcardType wildcard) {
      AnnotatedType[] lower = wildcard.getAnnotatedLowerBounds();
      AnnotatedType[] upper = wildcard.getAnnotatedUpperBounds();
      if (lower.length > 0) {
        return "? super " + showAll(lower, where);
      }
      boolean any = upper.length == 0 || upper[0].getType() == Object.class;
      return any ? "?" : "? extends " + showAll(upper, where);
    }
    return nullable
        + (type.getType() instanceof Class<?> plain ? name(plain, where) : type.getType());
  }

  private static boolean isNullable(@Nullable AnnotatedType type) {
    return type != null && type.isAnnotationPresent(Nullable.class);
  }

  /** With the classes around it, without the package: these are few enough to know. */
  private static String simpleName(Class<?> type) {
    Class<?> around = type.getDeclaringClass();
    return (around == null ? "" : simpleName(around) + ".") + type.getSimpleName();
  }

  private String name(Class<?> type, String where) {
    String packageName = type.getPackageName();
    if (!type.isPrimitive()
        && !packageName.startsWith("java")
        && !packageName.equals("dev.modelsigning")
        && !packageName.startsWith("dev.modelsigning.")) {
      foreign.add(where + ": " + type.getName());
    }
    return simpleName(type);
  }
}
