<#--
  META-INF/THIRD-PARTY.txt of the jar. The build lists the dependencies; the second list names what they contain
  themselves, as their own build descriptions do not. Check it when the version of one of them changes.
-->
Runnel contains the following software. Where several licenses are given, each one may be chosen.

<#list dependencyMap as entry>
<#assign project = entry.getKey()/>
${project.name} ${project.version}
    artifact: ${project.groupId}:${project.artifactId}:${project.version}
    license:  ${entry.getValue()?join(" or ")}
    home:     ${project.url!"none given"}

</#list>
Inside of these artifacts:

llama.cpp and ggml b4916, in de.kherud:llama
    license:  MIT
    Copyright (c) 2023-2024 The ggml authors
llamafile's sgemm, in llama.cpp
    license:  MIT
    Copyright 2024 Mozilla Foundation
minja, in llama.cpp
    license:  MIT
    Copyright 2024 Google LLC
JSON for Modern C++, in llama.cpp
    license:  MIT
    Copyright (c) 2013-2025 Niels Lohmann
Brotli, in com.aayushatharva.brotli4j:native-*
    license:  MIT
    Copyright (c) 2009, 2010, 2013-2016 by the Brotli Authors.
libffi, in net.java.dev.jna:jna
    license:  MIT
    Copyright (c) 1996-2024 Anthony Green, Red Hat, Inc and others.
JCTools, in io.netty:netty-common and io.opentelemetry:opentelemetry-sdk-trace
    license:  Apache-2.0
weak-lock-free, in io.opentelemetry:opentelemetry-context
    license:  Apache-2.0
FastDoubleParser, in com.fasterxml.jackson.core:jackson-core
    license:  MIT
    Copyright (c) 2024 Werner Randelshofer, Switzerland.
Protocol Buffers, in io.prometheus:prometheus-metrics-exposition-formats
    license:  BSD-3-Clause
    Copyright 2008 Google Inc. All rights reserved.

The MIT license:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

The 3-clause BSD license:

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

* Redistributions of source code must retain the above copyright notice, this list of conditions and the following
  disclaimer.
* Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
  disclaimer in the documentation and/or other materials provided with the distribution.
* Neither the name of Google Inc. nor the names of its contributors may be used to endorse or promote products derived
  from this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF
THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
